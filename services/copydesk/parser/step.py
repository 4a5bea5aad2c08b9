"""The parser's place in the pipeline: raw records in, events or rejections with receipts out."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import orjson

from copydesk.loop import Done, GiveUp, Step
from copydesk.parser.article import parse
from copydesk.telemetry.progress import RejectedSample
from copydesk.topics import Topics
from copydesk.transport.api import Message, Record
from copydesk_schemas import headers as names
from copydesk_schemas.headers import as_text, headers
from copydesk_schemas.messages import Article, Code, Receipt, Rejection, Source
from copydesk_schemas.paths import path_to_text, split_key
from copydesk_schemas.times import to_text
from copydesk_schemas.validation import check_article, check_receipt

Clock = Callable[[], int]
"""Microseconds since the epoch."""

_Attribute = Literal["inbox", "path", "version_id", "sha256", "observed_at"]
_FOREIGN: Final = uuid.UUID("0a3c1f0e-5d0b-5e0c-8d53-6d6b6f7a1e29")
_LONGEST_REASON = 500
_ROOM_FOR_HEADERS = 8192
"""Bytes of a message that are not its value."""

_PATTERNS: Final[Mapping[_Attribute, re.Pattern[str]]] = {
    "inbox": re.compile(r"[a-z0-9-]+"),
    "path": re.compile(r"(?s).+"),
    "version_id": re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "observed_at": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"),
}
"""What a raw message of ours has in its key and headers (`article.v1.json`, `source`)."""


class _Bad(Exception):
    """The record is no raw message of ours."""


class _Raw(NamedTuple):
    """A raw message of ours, read."""

    record: Record
    key: bytes
    value: bytes
    source: Source
    closed_at: str


def system_clock() -> int:
    """Microseconds since the epoch."""
    return time.time_ns() // 1000


def parse_records(records: Sequence[Record], topics: Topics, now: Clock = system_clock) -> Done:
    """What `records` of `topics.raw` become, in their order.

    Raises ValueError where what the parser made is not what the schema demands, a bug of ours.
    """
    outputs: list[Message] = []
    rejections: Counter[str] = Counter()
    sample: RejectedSample | None = None
    for record in records:
        messages, code = _one(record, topics, now)
        outputs += messages
        if code is not None:
            rejections[code] += 1
            sample = _sample(messages)
    rejected = rejections.total()
    outcomes = {"parsed": len(records) - rejected, "rejected": rejected}
    counted = {name: n for name, n in outcomes.items() if n}
    return Done(outputs, counted, dict(rejections), rejection=sample)


def make_step(topics: Topics, now: Clock = system_clock) -> Step:
    """The step that parses what `topics.raw` holds, in a thread."""

    async def step(records: Sequence[Record]) -> Done:
        return await asyncio.to_thread(parse_records, records, topics, now)

    return step


def make_give_up(topics: Topics, now: Clock = system_clock) -> GiveUp:
    """What becomes of a raw record over which the step itself failed."""

    def give_up(record: Record, code: Code, reason: str) -> Done:
        rejection: Rejection = {"code": code, "reason": reason, "field": None, "line": None}
        try:
            raw = _read(record)
        except _Bad as bad:
            return _done(_foreign(record, topics, bad))
        return _done(_rejected(raw, rejection, topics, now), code)

    return give_up


def _done(messages: Sequence[Message], code: Code = "bad_message") -> Done:
    return Done(messages, {"rejected": 1}, {code: 1}, rejection=_sample(messages))


def _sample(messages: Sequence[Message]) -> RejectedSample:
    """What is shown of a rejection, whose message is the first of `messages`."""
    told = as_text(messages[0].headers)
    return RejectedSample(told["ce_subject"], told[names.CODE], told[names.REASON])


def _one(record: Record, topics: Topics, now: Clock) -> tuple[Sequence[Message], Code | None]:
    """What to publish for `record`, and the code if that is a rejection."""
    try:
        raw = _read(record)
    except _Bad as bad:
        return _foreign(record, topics, bad), "bad_message"
    result = parse(raw.value, raw.source)
    if "code" in result:
        return _rejected(raw, result, topics, now), result["code"]
    event = _event(raw, result, topics)
    limit = topics.normalized.max_message_bytes - _ROOM_FOR_HEADERS
    if event.value is not None and len(event.value) <= limit:
        return [event], None
    too_large: Rejection = {
        "code": "too_large",
        "reason": f"The article made of the file is larger than {limit:,} bytes.",
        "field": None,
        "line": None,
    }
    return _rejected(raw, too_large, topics, now), "too_large"


def _read(record: Record) -> _Raw:
    if record.key is None or record.value is None:
        raise _Bad("The message has no key or no value.")
    try:
        attributes = as_text(record.headers)
        if attributes["ce_type"] != names.RAW:
            raise _Bad(f"The message is of the type {attributes['ce_type']}, not {names.RAW}.")
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
        raise _Bad(f"The message lacks the header {missing.args[0]}.") from None
    except ValueError as error:
        raise _Bad(f"The message's key or headers are unreadable: {error}.") from None
    for name, pattern in _PATTERNS.items():
        if not pattern.fullmatch(str(source[name])):
            raise _Bad(f"The message's {name} is none of ours: {source[name]!r}.")
    return _Raw(record, record.key, record.value, source, closed_at)


def _event(raw: _Raw, article: Article, topics: Topics) -> Message:
    check_article(article)
    return Message(
        topics.normalized.name,
        article["id"].encode(),
        orjson.dumps(article),
        _headers(names.ARTICLE, raw, names.JSON, {names.CLOSED_AT: raw.closed_at}),
    )


def _rejected(raw: _Raw, rejection: Rejection, topics: Topics, now: Clock) -> list[Message]:
    rejection = {**rejection, "reason": _sentence(rejection["reason"])}
    receipt: Receipt = {
        "version_id": raw.source["version_id"],
        "inbox": raw.source["inbox"],
        "path": raw.source["path"],
        "outcome": "rejected",
        "at": to_text(now()),
        "article_id": None,
        "revision": None,
        "rejection": rejection,
    }
    check_receipt(receipt)
    extensions = _extensions(rejection, raw.record) | {names.CLOSED_AT: raw.closed_at}
    return [
        Message(
            topics.rejected.name,
            raw.key,
            raw.value,
            _headers(names.REJECTED, raw, names.BYTES, extensions),
        ),
        Message(
            topics.receipts.name,
            receipt["version_id"].encode(),
            orjson.dumps(receipt),
            _headers(names.RECEIPT, raw, names.JSON, {}, time=receipt["at"]),
        ),
    ]


def _foreign(record: Record, topics: Topics, bad: _Bad) -> list[Message]:
    """The rejection of a message that comes of no file: there is no version to give a receipt."""
    place = f"{record.topic}/{record.partition}/{record.offset}"
    rejection: Rejection = {
        "code": "bad_message",
        "reason": _sentence(str(bad)),
        "field": None,
        "line": None,
    }
    attributes = headers(
        names.REJECTED,
        version_id=str(uuid.uuid5(_FOREIGN, place)),
        inbox="",
        path=path_to_text(place.encode()),
        time=to_text(int(record.timestamp * 1_000_000)),
        content_type=names.BYTES,
        extensions=_extensions(rejection, record),
    )
    return [Message(topics.rejected.name, place.encode(), record.value, attributes)]


def _headers(
    kind: str, raw: _Raw, content_type: str, extensions: Mapping[str, str], *, time: str = ""
) -> tuple[names.Header, ...]:
    source = raw.source
    return headers(
        kind,
        version_id=source["version_id"],
        inbox=source["inbox"],
        path=source["path"],
        time=time or source["observed_at"],
        content_type=content_type,
        extensions=extensions,
    )


def _extensions(rejection: Rejection, record: Record) -> dict[str, str]:
    extensions = {
        names.CODE: rejection["code"],
        names.REASON: rejection["reason"],
        names.ORIGIN_TOPIC: record.topic,
        names.ORIGIN_PARTITION: str(record.partition),
        names.ORIGIN_OFFSET: str(record.offset),
    }
    if rejection["field"] is not None:
        extensions[names.FIELD] = rejection["field"]
    if rejection["line"] is not None:
        extensions[names.LINE] = str(rejection["line"])
    return extensions


def _sentence(reason: str) -> str:
    return " ".join(reason.split())[:_LONGEST_REASON]
