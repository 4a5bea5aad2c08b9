"""The messages that tell what became of a version: receipts, and what was rejected."""

from __future__ import annotations

import uuid
from typing import Final, NamedTuple

import orjson

from copydesk.transport.api import Message, Record, Topic
from copydesk_schemas.headers import (
    BYTES,
    CLOSED_AT,
    CODE,
    FIELD,
    JSON,
    LINE,
    ORIGIN_OFFSET,
    ORIGIN_PARTITION,
    ORIGIN_TOPIC,
    REASON,
    RECEIPT,
    REJECTED,
    headers,
)
from copydesk_schemas.messages import Code, Outcome, Receipt, Rejection
from copydesk_schemas.paths import file_key, path_to_text, text_to_path

LONGEST_REASON: Final = 500
ROOM_FOR_HEADERS: Final = 8192
"""Bytes of a message that are not its value."""
_FOREIGN: Final = uuid.UUID("0a3c1f0e-5d0b-5e0c-8d53-6d6b6f7a1e29")
"""Namespace of the ids of rejected messages that come of no version. Never to be changed."""


class Version(NamedTuple):
    """One state of one file, as messages name it. `path` is text."""

    version_id: str
    inbox: str
    path: str


def rejection(
    code: Code, reason: str, field: str | None = None, line: int | None = None
) -> Rejection:
    """A rejection whose reason is one line of at most LONGEST_REASON characters."""
    words = " ".join(reason.split())
    if len(words) > LONGEST_REASON:
        words = words[: LONGEST_REASON - 1] + "…"
    return {"code": code, "reason": words, "field": field, "line": line}


def receipt(
    topic: str,
    version: Version,
    outcome: Outcome,
    *,
    at: str,
    article_id: str | None = None,
    revision: str | None = None,
    why: Rejection | None = None,
) -> Message:
    """What became of a version, and when, for the watcher and for the table `files`."""
    version_id, inbox, path = version
    value: Receipt = {
        "version_id": version_id,
        "inbox": inbox,
        "path": path,
        "outcome": outcome,
        "at": at,
        "article_id": article_id,
        "revision": revision,
        "rejection": why,
    }
    own = headers(
        RECEIPT, version_id=version_id, inbox=inbox, path=path, time=at, content_type=JSON
    )
    return Message(topic, version_id.encode(), orjson.dumps(value), own)


def fits(topic: Topic, value: bytes | None) -> bool:
    """Whether a message with this value is small enough for `topic`."""
    return len(value or b"") <= topic.max_message_bytes - ROOM_FOR_HEADERS


def rejected(
    topic: Topic,
    version: Version,
    why: Rejection,
    value: bytes | None,
    *,
    at: str,
    closed_at: str,
    content_type: str = BYTES,
    origin: Record | None = None,
) -> Message:
    """A version that goes no further: its `value` as far as it got, and the record it came from.

    A value that does not fit is left out.
    """
    version_id, inbox, path = version
    own = headers(
        REJECTED,
        version_id=version_id,
        inbox=inbox,
        path=path,
        time=at,
        content_type=content_type,
        extensions={CLOSED_AT: closed_at, **_why(why), **_origin(origin)},
    )
    kept = value if fits(topic, value) else None
    return Message(topic.name, file_key(inbox, text_to_path(path)), kept, own)


def foreign(topic: Topic, record: Record, why: Rejection, *, at: str) -> Message:
    """A message that is none of ours, rejected. There is no version to give a receipt.

    A value that does not fit is left out.
    """
    place = f"{record.topic}/{record.partition}/{record.offset}"
    own = headers(
        REJECTED,
        version_id=str(uuid.uuid5(_FOREIGN, place)),
        inbox="",
        path=path_to_text(place.encode()),
        time=at,
        content_type=BYTES,
        extensions={**_why(why), **_origin(record)},
    )
    kept = record.value if fits(topic, record.value) else None
    return Message(topic.name, place.encode(), kept, own)


def _why(rejection: Rejection) -> dict[str, str]:
    extensions = {CODE: rejection["code"], REASON: rejection["reason"]}
    if rejection["field"] is not None:
        extensions[FIELD] = rejection["field"]
    if rejection["line"] is not None:
        extensions[LINE] = str(rejection["line"])
    return extensions


def _origin(record: Record | None) -> dict[str, str]:
    if record is None:
        return {}
    return {
        ORIGIN_TOPIC: record.topic,
        ORIGIN_PARTITION: str(record.partition),
        ORIGIN_OFFSET: str(record.offset),
    }
