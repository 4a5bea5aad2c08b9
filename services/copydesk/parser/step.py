"""The parser's place in the pipeline: raw records in, events or rejections with receipts out."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import orjson

from copydesk.loop import Done, GiveUp, Step
from copydesk.outcomes import Version, fits, foreign, receipt, rejected, rejection
from copydesk.parser.abreast import parse_all
from copydesk.telemetry.progress import FIELDS, RejectedSample
from copydesk.topics import Topics
from copydesk.transport.api import Message, Record
from copydesk_schemas import headers as names
from copydesk_schemas.headers import as_text, headers
from copydesk_schemas.messages import Article, Code, Rejection, Source
from copydesk_schemas.paths import path_to_text, split_key
from copydesk_schemas.times import from_text, to_text
from copydesk_schemas.validation import check_article

Clock = Callable[[], int]
"""Microseconds since the epoch."""

_Attribute = Literal["inbox", "path", "version_id", "sha256", "observed_at"]

_PATTERNS: Final[Mapping[_Attribute, re.Pattern[str]]] = {
    "inbox": re.compile(r"[a-z0-9-]+"),
    "path": re.compile(r"(?s).+"),
    "version_id": re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "observed_at": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"),
}
"""What a raw message of ours has in its key and headers (`article.v1.json`, `source`)."""


class _Raw(NamedTuple):
    """A raw message of ours, read."""

    record: Record
    key: bytes
    value: bytes
    source: Source
    closed_at: str


class _Made(NamedTuple):
    """What to publish for a record, its code if that is a rejection, and its unrepaired fields."""

    messages: Sequence[Message]
    code: Code | None = None
    unrepaired: Sequence[str] = ()


def system_clock() -> int:
    """Microseconds since the epoch."""
    return time.time_ns() // 1000


def parse_records(records: Sequence[Record], topics: Topics, now: Clock = system_clock) -> Done:
    """What `records` of `topics.raw` become, in their order.

    Raises ValueError where what the parser made is not what the schema demands, a bug of ours.
    """
    outputs: list[Message] = []
    rejections: Counter[str] = Counter()
    unrepaired: Counter[str] = Counter()
    late: list[float] = []
    sample: RejectedSample | None = None
    for made in _all(records, topics, now):
        outputs += made.messages
        unrepaired.update(made.unrepaired)
        if made.code is not None:
            rejections[made.code] += 1
            sample = _sample(made.messages)
            late += _latency(made.messages, now)
    rejected = rejections.total()
    outcomes = {"parsed": len(records) - rejected, "rejected": rejected}
    counted = {name: n for name, n in outcomes.items() if n}
    latencies = {"rejected": late} if late else {}
    return Done(outputs, counted, dict(rejections), latencies, dict(unrepaired), rejection=sample)


def make_step(topics: Topics, now: Clock = system_clock) -> Step:
    """The step that parses what `topics.raw` holds, in a thread."""

    async def step(records: Sequence[Record]) -> Done:
        return await asyncio.to_thread(parse_records, records, topics, now)

    return step


def make_give_up(topics: Topics, now: Clock = system_clock) -> GiveUp:
    """What becomes of a raw record over which the step itself failed."""

    def give_up(record: Record, code: Code, reason: str) -> Done:
        raw = _read(record)
        if isinstance(raw, str):
            return _done(_foreign(record, topics, raw))
        return _done(_rejected(raw, rejection(code, reason), topics, now), code)

    return give_up


def _done(messages: Sequence[Message], code: Code = "bad_message") -> Done:
    late = _latency(messages, system_clock)
    latencies = {"rejected": late} if late else {}
    return Done(messages, {"rejected": 1}, {code: 1}, latencies, rejection=_sample(messages))


def _sample(messages: Sequence[Message]) -> RejectedSample:
    """What is shown of a rejection, whose message is the first of `messages`."""
    told = as_text(messages[0].headers)
    return RejectedSample(told["ce_subject"], told[names.CODE], told[names.REASON])


def _latency(messages: Sequence[Message], now: Clock) -> list[float]:
    """Seconds from the closing of a rejected file until now; none where there is no such file."""
    closed_at = as_text(messages[0].headers).get(names.CLOSED_AT)
    try:
        return [] if closed_at is None else [max(0.0, (now() - from_text(closed_at)) / 1e6)]
    except ValueError:  # a foreign message's
        return []


def _all(records: Sequence[Record], topics: Topics, now: Clock) -> Iterator[_Made]:
    raws = [_read(record) for record in records]
    results = parse_all((raw.value, raw.source) for raw in raws if isinstance(raw, _Raw))
    for record, raw in zip(records, raws, strict=True):
        if isinstance(raw, _Raw):
            yield _made(raw, next(results), topics, now)
        else:
            yield _Made(_foreign(record, topics, raw), "bad_message")


def _made(raw: _Raw, result: Article | Rejection, topics: Topics, now: Clock) -> _Made:
    if "code" in result:
        return _Made(_rejected(raw, result, topics, now), result["code"])
    event = _event(raw, result, topics)
    if fits(topics.normalized, event.value):
        repairs = result["parser"]["repairs"]
        return _Made([event], unrepaired=[f for f in FIELDS if f"unrepaired_{f}" in repairs])
    limit = topics.normalized.max_message_bytes
    words = f"The article made of the file is larger than {limit:,} bytes."
    return _Made(_rejected(raw, rejection("too_large", words), topics, now), "too_large")


def _read(record: Record) -> _Raw | str:
    """A raw message of ours, or a sentence that says why it is none."""
    if record.key is None or record.value is None:
        return "The message has no key or no value."
    try:
        attributes = as_text(record.headers)
        if attributes["ce_type"] != names.RAW:
            return f"The message is of the type {attributes['ce_type']}, not {names.RAW}."
        inbox, path = split_key(record.key)
        source: Source = {
            "inbox": inbox,
            "path": path_to_text(path),
            "version_id": attributes["ce_id"],
            "bytes": len(record.value),
            "sha256": attributes[names.SHA256],
            "observed_at": attributes["ce_time"],
        }
        closed_at = attributes[names.CLOSED_AT]
    except KeyError as missing:
        return f"The message lacks the header {missing.args[0]}."
    except ValueError as error:
        return f"The message's key or headers are unreadable: {error}."
    for name, pattern in _PATTERNS.items():
        if not pattern.fullmatch(str(source[name])):
            return f"The message's {name} is none of ours: {source[name]!r}."
    return _Raw(record, record.key, record.value, source, closed_at)


def _event(raw: _Raw, article: Article, topics: Topics) -> Message:
    check_article(article)
    source = raw.source
    own = headers(
        names.ARTICLE,
        version_id=source["version_id"],
        inbox=source["inbox"],
        path=source["path"],
        time=source["observed_at"],
        content_type=names.JSON,
        extensions={names.CLOSED_AT: raw.closed_at},
    )
    return Message(topics.normalized.name, article["id"].encode(), orjson.dumps(article), own)


def _rejected(raw: _Raw, why: Rejection, topics: Topics, now: Clock) -> list[Message]:
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


def _foreign(record: Record, topics: Topics, reason: str) -> list[Message]:
    at = to_text(int(record.timestamp * 1_000_000))
    why = rejection("bad_message", reason)
    return [foreign(topics.rejected, record, why, at=at)]
