"""`copydesk parse`: the parser alone, on files that are named."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from uuid import UUID

import orjson
from rich.console import Console
from rich.text import Text

from copydesk.parser.article import explain as explain_bytes
from copydesk.parser.article import parse as parse_bytes
from copydesk.parser.rejoin import REACH, Boundary
from copydesk.parser.unpack import MAX_FILE
from copydesk.telemetry.harmless import harmless
from copydesk_schemas.messages import Rejection, Source
from copydesk_schemas.paths import path_to_text
from copydesk_schemas.times import to_text

_NO_VERSION: Final = str(UUID(int=0))
"""The nil UUID: what is only looked at is no version of a file."""
_STDIN: Final = "-"


class _Given(NamedTuple):
    data: bytes
    source: Source


def parse(files: Sequence[str]) -> int:
    """Print the event of each file; 1 if one was rejected or could not be read, else 0."""
    return max([_parse(name) for name in files])


def explain(files: Sequence[str]) -> int:
    """Show how each boundary in the text of each file was judged; the status is that of `parse`."""
    console = Console(highlight=False, soft_wrap=True)
    return max([_explain(name, console) for name in files])


def _parse(name: str) -> int:
    given = _given(name)
    if given is None:
        return 1
    result = parse_bytes(*given)
    if "code" in result:
        return _rejected(given, result)
    sys.stdout.buffer.write(orjson.dumps(result) + b"\n")
    return 0


def _explain(name: str, console: Console) -> int:
    given = _given(name)
    if given is None:
        return 1
    boundaries = explain_bytes(*given)
    if isinstance(boundaries, dict):
        return _rejected(given, boundaries)
    for tag, boundary in boundaries:
        console.print(_line(tag, boundary))
    rules = Counter(boundary.rule for _, boundary in boundaries if boundary.join)
    each = ", ".join(f"{rule} {joins}" for rule, joins in rules.most_common())
    counts = f"{len(boundaries):,} boundaries, {rules.total():,} joined"
    console.print(Text(f"{counts}: {each}" if each else counts, "bold"))
    return 0


def _line(tag: str, boundary: Boundary) -> Text:
    left, right = harmless(boundary.left), harmless(boundary.right)
    style, mark = ("green", "‖") if boundary.join else ("dim", "¦")
    decision = f"{tag:10}  {'join' if boundary.join else 'keep'}  {boundary.rule:12}  "
    return Text.assemble((decision, style), f"{left:>{REACH}} ", (mark, style), f" {right}")


def _rejected(given: _Given, why: Rejection) -> int:
    sys.stderr.write(orjson.dumps({"path": given.source["path"], **why}).decode() + "\n")
    return 1


def _given(name: str) -> _Given | None:
    """The file called `name`; None where it cannot be read, and standard error says why."""
    path = path_to_text(os.fsencode(name))
    try:
        data = _read(name)
    except OSError as error:
        sys.stderr.write(f"copydesk: {path}: {error.strerror}\n")
        return None
    return _Given(data, _source(path, data))


def _read(name: str) -> bytes:
    def read(stream: BinaryIO) -> bytes:
        return stream.read(MAX_FILE + 1)

    if name == _STDIN:
        return read(sys.stdin.buffer)
    with Path(name).open("rb") as stream:
        return read(stream)


def _source(path: str, data: bytes) -> Source:
    return {
        "inbox": "inbox",
        "path": path,
        "version_id": _NO_VERSION,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "observed_at": to_text(time.time_ns() // 1000),
    }
