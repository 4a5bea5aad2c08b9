"""What must hold after any number of kills, read from the folder, the log and the storage.

Every check returns the sentences that say what is wrong; none of them trusts the pipeline's word
about what was put into the folder: that comes from the load's own memory.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from copydesk.topics import Topics
from copydesk.transport import open_transport
from copydesk.transport.api import Record, Topic, Transport
from copydesk_schemas.headers import as_text
from copydesk_schemas.paths import split_key
from tests.crash.load import Load, url_of
from tests.pipeline import files_below


class Version(NamedTuple):
    """A version of a file, as the raw topic has it."""

    id: str
    path: str
    digest: str
    observed_at: str


class Log(NamedTuple):
    """What the log holds. `receipts`: by version id, each outcome that it was ever given."""

    raw: list[Version]
    events: list[str]
    """The version of each event, as a consumer of the normalized topic sees them."""
    receipts: dict[str, list[str]]
    codes: dict[str, str]


class Judged(Protocol):
    """A pipeline of either size, as the judge sees it."""

    inbox: Path

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """What the storage answers."""

    def waiting(self) -> list[Path]:
        """The files that have not been disposed of."""


async def read_log(address: str, names: Topics, prefix: str = "articles") -> Log:
    """The topics `names` of the log at `address`, read beside no running pipeline."""
    receipts: dict[str, list[str]] = defaultdict(list)
    codes: dict[str, str] = {}
    async with open_transport(address, names, prefix=prefix, read_only=True) as transport:
        raw = [_version(record) async for record in _all(transport, names.raw)]
        events = [
            as_text(record.headers)["ce_id"] async for record in _all(transport, names.normalized)
        ]
        async for record in _all(transport, names.receipts):
            receipt = json.loads(record.value or b"null")
            receipts[receipt["version_id"]].append(receipt["outcome"])
            if receipt["rejection"] is not None:
                codes[receipt["version_id"]] = receipt["rejection"]["code"]
    return Log(raw, events, dict(receipts), codes)


async def _all(transport: Transport, topic: Topic) -> AsyncIterator[Record]:
    async for records in transport.read(topic.name, "first", follow=False):
        for record in records:
            yield record


def _version(record: Record) -> Version:
    header = as_text(record.headers)
    _, path = split_key(record.key or b"")
    digest = hashlib.sha256(record.value or b"").hexdigest()
    return Version(header["ce_id"], os.fsdecode(path), digest, header["ce_time"])


def verdict(load: Load, pipeline: Judged, log: Log) -> list[str]:
    """Every broken promise, a sentence each."""
    return [
        *_taken_in_once(load, log),
        *_one_event_each(log),
        *_one_outcome_each(pipeline, log),
        *_outcomes_are_right(load, log),
        *_nothing_lost(load, pipeline, log),
        *_rows_are_the_newest(load, pipeline),
        *_folders_agree(load, pipeline, log),
    ]


def _taken_in_once(load: Load, log: Log) -> Iterator[str]:
    for version_id, times in Counter(version.id for version in log.raw).items():
        if times > 1:
            yield f"the raw topic has version {version_id} {times} times"
    for (path, digest), times in Counter((v.path, v.digest) for v in log.raw).items():
        put = load.puts[path][digest]
        if times > put:
            yield f"{path!r}: one content was put there {put} times and published {times} times"


def _one_event_each(log: Log) -> Iterator[str]:
    times = Counter(log.events)
    for version in log.raw:
        rejected = log.receipts.get(version.id) == ["rejected"]
        if times[version.id] != (0 if rejected else 1):
            yield f"{version.path!r}: {times[version.id]} events, rejected: {rejected}"


def _one_outcome_each(pipeline: Judged, log: Log) -> Iterator[str]:
    for version in log.raw:
        outcomes = log.receipts.get(version.id, [])
        if len(outcomes) != 1:
            yield f"{version.path!r}: {len(outcomes)} receipts: {outcomes}"
    rows = {row["version_id"]: row for row in pipeline.rows("SELECT * FROM files")}
    for version_id, outcomes in log.receipts.items():
        row = rows.get(version_id)
        if row is None or [row["outcome"]] != outcomes:
            yield f"version {version_id}: receipts say {outcomes}, the table `files` {row}"
    for version_id, row in rows.items():
        if row["outcome"] is None:
            yield f"{row['path']}: version {version_id} is in flight for ever"


def _outcomes_are_right(load: Load, log: Log) -> Iterator[str]:
    """A path's versions come in their order and are of one article: each outcome is certain."""
    present: dict[str, str | None] = {}
    for version in sorted(log.raw, key=lambda version: version.observed_at):
        content = load.contents.get(version.digest)
        if content is None:
            yield f"{version.path!r}: published with bytes that were never put there"
            continue
        if content.code is not None:
            expected = f"rejected {content.code}"
        else:
            before = present.get(version.path)
            known = "unchanged" if before == content.title else "updated"
            expected = "stored" if before is None else known
            present[version.path] = content.title
        told = [*log.receipts.get(version.id, []), *filter(None, [log.codes.get(version.id)])]
        if " ".join(told) != expected:
            yield f"{version.path!r}: {expected} is right, {told} was told"


def _nothing_lost(load: Load, pipeline: Judged, log: Log) -> Iterator[str]:
    published = {(version.path, version.digest) for version in log.raw}
    disposed = {digest for _, digest, _ in _disposed(pipeline)}
    for path, content in load.last.items():
        if content.code != "too_large" and (path, content.digest) not in published:
            yield f"{path!r}: its last content was never taken in"
        if content.digest not in disposed:
            yield f"{path!r}: its last content stands neither in done/ nor in rejected/"
    for left in pipeline.waiting():
        yield f"{left} is left in the inbox"


def _rows_are_the_newest(load: Load, pipeline: Judged) -> Iterator[str]:
    titles = {row["url"]: row["title"] for row in pipeline.rows("SELECT url, title FROM articles")}
    for path, content in load.last.items():
        if content.title is not None:
            address = url_of(path)
            if titles.get(address) != content.title:
                yield f"{path!r}: {content.title!r} was put last, {titles.get(address)!r} is stored"


def _folders_agree(load: Load, pipeline: Judged, log: Log) -> Iterator[str]:
    taken = {version.digest for version in log.raw}
    for path, digest, code in _disposed(pipeline):
        content = load.contents.get(digest)
        if content is None:
            yield f"{path} has bytes that were never put into the folder"
        elif content.code != code:
            yield f"{path}: {content.code or 'a good article'} was disposed of as {code or 'done'}"
        elif digest not in taken and code != "too_large":
            yield f"{path} was moved and never taken in"


def _disposed(pipeline: Judged) -> Iterator[tuple[Path, str, str | None]]:
    """Path, digest and (in rejected/) code of each file that the pipeline has moved."""
    for folder in ("done", "rejected"):
        for path in files_below(pipeline.inbox / folder):
            if not path.name.endswith(".error.json"):
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                yield path, digest, _code_beside(path) if folder == "rejected" else None


def _code_beside(path: Path) -> str | None:
    beside = path.with_name(path.name + ".error.json")
    if not beside.exists():
        return "nothing: it has no error.json"
    code: str = json.loads(beside.read_bytes())["code"]
    return code


def settled(load: Load, pipeline: Judged) -> bool:
    """True when the pipeline has nothing left to do with what `load` has put there."""
    last = {content.digest for content in load.last.values()}
    return not pipeline.waiting() and last <= {digest for _, digest, _ in _disposed(pipeline)}
