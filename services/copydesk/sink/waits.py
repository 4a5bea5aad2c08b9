"""Where a version without an outcome waits: its place in the log against the stages' positions."""

from __future__ import annotations

from typing import Literal, NamedTuple

from copydesk.topics import PARSER_GROUP, SINK_GROUP, Topics
from copydesk.transport.api import Lag, Record, Since, Transport

MOST_RECORDS = 20_000
"""How far a topic is searched for a version."""
EARLIER_SECONDS = 1.0
"""The search begins so long before the version was observed: two clocks are never one."""


class Wait(NamedTuple):
    """What a version waits for; `ahead` records of it are handled first, where that is known.

    None for the stage: both are past it, and its outcome is being recorded.
    """

    stage: Literal["parser", "sink"] | None
    ahead: int | None


async def wait_of(transport: Transport, topics: Topics, version_id: str, observed: float) -> Wait:
    """What the version waits for that was observed at this time (seconds since the epoch)."""
    raw = await _find(transport, topics.raw.name, version_id, observed - EARLIER_SECONDS)
    parser = await transport.lag(topics.raw.name, PARSER_GROUP)
    if raw is None:
        return Wait("parser" if parser.records else "sink", None)
    ahead = _ahead(raw, parser)
    if ahead is not None:
        return Wait("parser", ahead)
    event = await _find(transport, topics.normalized.name, version_id, raw.timestamp)
    if event is None:
        return Wait(None, None)
    ahead = _ahead(event, await transport.lag(topics.normalized.name, SINK_GROUP))
    return Wait(None, None) if ahead is None else Wait("sink", ahead)


def _ahead(record: Record, lag: Lag) -> int | None:
    """How many offsets a group has before it until `record`; None where it is past it."""
    ahead = record.offset - lag.positions.get(record.partition, 0)
    return ahead if ahead >= 0 else None


async def _find(transport: Transport, topic: str, version_id: str, since: float) -> Record | None:
    header = ("ce_id", version_id.encode())
    searched = 0
    async for records in transport.read(topic, Since(since), follow=False):
        for record in records:
            if header in record.headers:
                return record
        searched += len(records)
        if searched >= MOST_RECORDS:
            break
    return None
