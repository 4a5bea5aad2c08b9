"""What is published of a raw message that becomes no article."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from copydesk.loop.stage import Done, GiveUp
from copydesk.outcomes import Version, foreign, receipt, rejected, rejection
from copydesk.parser.raw import Raw, read_raw
from copydesk.telemetry.progress import RejectedSample
from copydesk.topics import Topics
from copydesk.transport.api import Message, Record
from copydesk_schemas import headers as names
from copydesk_schemas.headers import as_text
from copydesk_schemas.messages import Code, Rejection
from copydesk_schemas.times import from_text, to_text

Clock = Callable[[], int]
"""Microseconds since the epoch."""


def system_clock() -> int:
    """Microseconds since the epoch."""
    return time.time_ns() // 1000


def make_give_up(topics: Topics, now: Clock = system_clock) -> GiveUp:
    """What becomes of a raw record over which the step itself failed."""

    def give_up(record: Record, code: Code, reason: str) -> Done:
        raw = read_raw(record)
        if isinstance(raw, str):
            return _done(foreign_raw(record, topics, raw))
        return _done(rejected_raw(raw, rejection(code, reason), topics, now), code)

    return give_up


def _done(messages: Sequence[Message], code: Code = "bad_message") -> Done:
    late = latency_of(messages, system_clock)
    latencies = {"rejected": late} if late else {}
    return Done(messages, {"rejected": 1}, {code: 1}, latencies, rejection=sample_of(messages))


def sample_of(messages: Sequence[Message]) -> RejectedSample:
    """What is shown of a rejection, whose message is the first of `messages`."""
    told = as_text(messages[0].headers)
    return RejectedSample(told["ce_subject"], told[names.CODE], told[names.REASON])


def latency_of(messages: Sequence[Message], now: Clock) -> list[float]:
    """Seconds from the closing of a rejected file until now; none where there is no such file."""
    closed_at = as_text(messages[0].headers).get(names.CLOSED_AT)
    try:
        return [] if closed_at is None else [max(0.0, (now() - from_text(closed_at)) / 1e6)]
    except ValueError:  # a foreign message's
        return []


def rejected_raw(raw: Raw, why: Rejection, topics: Topics, now: Clock) -> list[Message]:
    """The rejection of `raw`, with its content, and the receipt of its version."""
    source, at = raw.source, to_text(now())
    version = Version(source["version_id"], source["inbox"], source["path"])
    why = rejection(why["code"], why["reason"], why["field"], why["line"])
    return [
        rejected(
            topics.rejected,
            version,
            why,
            raw.value,
            at=source["observed_at"],
            closed_at=raw.closed_at,
            origin=raw.record,
        ),
        receipt(topics.receipts.name, version, "rejected", at=at, why=why),
    ]


def foreign_raw(record: Record, topics: Topics, reason: str) -> list[Message]:
    """The rejection of a record that is no raw message of ours."""
    at = to_text(int(record.timestamp * 1_000_000))
    why = rejection("bad_message", reason)
    return [foreign(topics.rejected, record, why, at=at)]
