"""`copydesk parse`: the parser alone, on files that are named."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

import orjson

from copydesk.parser.article import parse as parse_bytes
from copydesk.parser.unpack import MAX_FILE
from copydesk_schemas.messages import Source
from copydesk_schemas.paths import path_to_text
from copydesk_schemas.times import to_text

_NO_VERSION: Final = str(UUID(int=0))
"""The nil UUID: what is only looked at is no version of a file."""
_STDIN: Final = "-"


def parse(files: Sequence[str]) -> int:
    """Print the event of each file; 1 if one was rejected or could not be read, else 0."""
    return max([_parse(name) for name in files])


def _parse(name: str) -> int:
    path = path_to_text(os.fsencode(name))
    try:
        data = _read(name)
    except OSError as error:
        sys.stderr.write(f"copydesk: {path}: {error.strerror}\n")
        return 1
    result = parse_bytes(data, _source(path, data))
    if "code" in result:
        sys.stderr.write(orjson.dumps({"path": path, **result}).decode() + "\n")
        return 1
    sys.stdout.buffer.write(orjson.dumps(result) + b"\n")
    return 0


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
