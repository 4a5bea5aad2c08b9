"""The parser's place in the pipeline: raw records in, events or rejections with receipts out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson

from copydesk.loop.stage import Done, Step
from copydesk.outcomes import fits, rejection
from copydesk.parser.abreast import parse_all
from copydesk.parser.raw import Raw, read_raw
from copydesk.parser.rejections import (
    Clock,
    foreign_raw,
    latency_of,
    rejected_raw,
    sample_of,
    system_clock,
)
from copydesk.telemetry.progress import FIELDS, RejectedSample
from copydesk.topics import Topics
from copydesk.transport.api import Message, Record
from copydesk_schemas import headers as names
from copydesk_schemas.headers import headers
from copydesk_schemas.messages import Article, Code, Rejection
from copydesk_schemas.validation import check_article


class _Made(NamedTuple):
    """What to publish for a record, its code if that is a rejection, and its unrepaired fields."""

    messages: Sequence[Message]
    code: Code | None = None
    unrepaired: Sequence[str] = ()


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
            sample = sample_of(made.messages)
            late += latency_of(made.messages, now)
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


def _all(records: Sequence[Record], topics: Topics, now: Clock) -> Iterator[_Made]:
    raws = [read_raw(record) for record in records]
    results = parse_all((raw.value, raw.source) for raw in raws if isinstance(raw, Raw))
    for record, raw in zip(records, raws, strict=True):
        if isinstance(raw, Raw):
            yield _made(raw, next(results), topics, now)
        else:
            yield _Made(foreign_raw(record, topics, raw), "bad_message")


def _made(raw: Raw, result: Article | Rejection, topics: Topics, now: Clock) -> _Made:
    if "code" in result:
        return _Made(rejected_raw(raw, result, topics, now), result["code"])
    event = _event(raw, result, topics)
    if fits(topics.normalized, event.value):
        repairs = result["parser"]["repairs"]
        return _Made([event], unrepaired=[f for f in FIELDS if f"unrepaired_{f}" in repairs])
    limit = topics.normalized.max_message_bytes
    words = f"The article made of the file is larger than {limit:,} bytes."
    return _Made(rejected_raw(raw, rejection("too_large", words), topics, now), "too_large")


def _event(raw: Raw, article: Article, topics: Topics) -> Message:
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
