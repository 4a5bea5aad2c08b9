"""`copydesk status`: how many files are where."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from copydesk.commands.inbox import Untaken, asked, listed, untaken, watcher_options
from copydesk.commands.log import log_of, topics_of
from copydesk.commands.storage import archive_of
from copydesk.settings import Settings
from copydesk.sink.store import FileRow, Tally
from copydesk.sink.unread import counted, read_unread
from copydesk.sink.waits import wait_of
from copydesk.telemetry.harmless import harmless
from copydesk.topics import PARSER_GROUP, SINK_GROUP, Topics
from copydesk.transport.api import Transport
from copydesk_schemas.times import from_text

TOO_OLD_SECONDS = 60.0
EXAMPLES = 10
_STORED = ("stored", "updated", "unchanged", "superseded")


class Oldest(NamedTuple):
    """The version, or the file that is none yet, that is in flight for the longest time."""

    path: str
    stage: str
    seconds: float


class Status(NamedTuple):
    """Every file that was seen is in flight, stored or rejected. Others are left alone."""

    tally: Tally
    waiting: Sequence[Untaken]
    """Files that the watcher has to take."""
    left_alone: Sequence[Untaken]
    parser: int
    """Versions in flight that the parser has not read."""
    oldest: Oldest | None


def status(settings: Settings, *, as_json: bool) -> int:
    """Print the counts; 1 where something is in flight for more than a minute.

    Raises Unusable where storage or log cannot be read.
    """
    # The folder first: what is taken in while we look is then in the log or in storage.
    paths = listed(watcher_options(settings))
    found = asked(_status(settings, paths))
    if as_json:
        sys.stdout.write(orjson.dumps(as_data(found)).decode() + "\n")
    else:
        sys.stdout.writelines(f"{harmless(line)}\n" for line in as_lines(found))
    return int(found.oldest is not None and found.oldest.seconds > TOO_OLD_SECONDS)


async def _status(settings: Settings, paths: Sequence[bytes]) -> Status:
    names = topics_of(settings)
    async with (
        archive_of(settings) as archive,
        log_of(settings, read_only=True) as transport,
    ):
        unread = await read_unread(transport, names)
        survey = await archive.survey(sorted(unread.version_ids), len(unread.rejected) + 1)
        tally, oldest = counted(survey, unread)
        files = await untaken(watcher_options(settings), paths, archive, unread)
        waiting = [file for file in files if file.why_not is None]
        raw = await transport.lag(names.raw.name, PARSER_GROUP)
        normalized = await transport.lag(names.normalized.name, SINK_GROUP)
        return Status(
            tally,
            waiting,
            [file for file in files if file.why_not is not None],
            # Both lags are a moment younger than the tally, which counts.
            min(raw.records, max(0, tally.in_flight - normalized.records)),
            await _oldest(transport, names, waiting, oldest),
        )


async def _oldest(
    transport: Transport, names: Topics, waiting: Sequence[Untaken], row: FileRow | None
) -> Oldest | None:
    found = [Oldest(file.path, "watcher", file.seconds) for file in waiting]
    if row is not None and row.observed_at is not None:
        observed = from_text(row.observed_at) / 1e6
        wait = await wait_of(transport, names, row.version_id, observed)
        found.append(Oldest(row.path, wait.stage or "sink", max(0.0, time.time() - observed)))
    return max(found, key=lambda one: one.seconds, default=None)


def as_data(status: Status) -> dict[str, object]:
    """What `--json` prints."""
    tally = status.tally
    return {
        "seen": _seen(status),
        "in_flight": _in_flight(status),
        **{outcome: tally.outcomes.get(outcome, 0) for outcome in _STORED},
        "rejected": dict(tally.codes),
        "left_alone": {
            "files": len(status.left_alone),
            "examples": [
                {"path": file.path, "why": file.why_not} for file in status.left_alone[:EXAMPLES]
            ],
        },
        "oldest_in_flight": status.oldest and status.oldest._asdict(),
    }


def as_lines(status: Status) -> Iterator[str]:
    """What is printed for reading."""
    tally, flying = status.tally, _in_flight(status)
    rows = [
        ("seen", _seen(status), ""),
        ("in flight", sum(flying.values()), _listed(flying)),
        (
            "stored",
            _stored(tally),
            _listed({name: tally.outcomes.get(name, 0) for name in _STORED}),
        ),
        ("rejected", tally.outcomes.get("rejected", 0), _listed(tally.codes)),
        ("left alone", len(status.left_alone), ""),
    ]
    for name, count, more in rows:
        yield f"{name:11}{count:>10,}  {more}".rstrip()
    for file in status.left_alone[:EXAMPLES]:
        yield f"  {file.path} {file.why_not}"
    if len(status.left_alone) > EXAMPLES:
        yield f"  and {len(status.left_alone) - EXAMPLES:,} more"
    if status.oldest is not None:
        path, stage, seconds = status.oldest
        yield f"The oldest in flight, for {seconds:.1f} s, is {path}; it waits for the {stage}."


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)


def _in_flight(status: Status) -> dict[str, int]:
    return {
        "watcher": len(status.waiting),
        "parser": status.parser,
        "sink": status.tally.in_flight - status.parser,
    }


def _stored(tally: Tally) -> int:
    return sum(tally.outcomes.get(outcome, 0) for outcome in _STORED)


def _seen(status: Status) -> int:
    tally = status.tally
    return len(status.waiting) + tally.in_flight + sum(tally.outcomes.values())
