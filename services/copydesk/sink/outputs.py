"""The messages that the sink publishes: receipts, and rejections of what storage refused."""

from __future__ import annotations

import uuid
from typing import NamedTuple

import orjson

from copydesk.transport.api import Message, Record
from copydesk_schemas.headers import (
    BYTES,
    CLOSED_AT,
    CODE,
    JSON,
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

LONGEST_REASON = 500
_FOREIGN = uuid.UUID("5f1f3f5c-0d0e-5d6a-9b53-7b0c1f8f2a64")


class Version(NamedTuple):
    """One state of one file, as messages name it. `path` is text."""

    version_id: str
    inbox: str
    path: str


def rejection(code: Code, reason: str) -> Rejection:
    """The sink's word on what it does not store: `reason` in a line of at most 500 characters."""
    line = " ".join(reason.split())
    if len(line) > LONGEST_REASON:
        line = line[: LONGEST_REASON - 1] + "…"
    return {"code": code, "reason": line, "field": None, "line": None}


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
    """What became of a version, for the watcher."""
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


def rejected_event(
    topic: str, record: Record, version: Version, why: Rejection, *, at: str, closed_at: str
) -> Message:
    """An event that goes no further, with its content."""
    version_id, inbox, path = version
    extensions = {CLOSED_AT: closed_at, **_why(why), **_origin(record)}
    own = headers(
        REJECTED,
        version_id=version_id,
        inbox=inbox,
        path=path,
        time=at,
        content_type=JSON,
        extensions=extensions,
    )
    return Message(topic, file_key(inbox, text_to_path(path)), record.value, own)


def rejected_foreign(topic: str, record: Record, why: Rejection, *, at: str) -> Message:
    """A message that is none of ours, keyed by where it stands."""
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
    return Message(topic, place.encode(), record.value, own)


def _why(rejection: Rejection) -> dict[str, str]:
    return {CODE: rejection["code"], REASON: rejection["reason"]}


def _origin(record: Record) -> dict[str, str]:
    return {
        ORIGIN_TOPIC: record.topic,
        ORIGIN_PARTITION: str(record.partition),
        ORIGIN_OFFSET: str(record.offset),
    }
