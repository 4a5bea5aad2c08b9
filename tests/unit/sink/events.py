"""Records as the parser, the watcher and the sink itself publish them."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import orjson

from copydesk.sink.event import Event, event_of
from copydesk.topics import topics
from copydesk.transport.api import Message, Record
from copydesk_schemas import headers as names
from copydesk_schemas.messages import Article, LedgerEntry, Receipt, Rejection
from copydesk_schemas.times import to_text

TOPICS = topics()
BEGAN = 1_750_000_000_000_000
"""A time, microseconds since the epoch."""
BREVE: Rejection = {"code": "empty", "reason": "There is nothing in it.", "field": None, "line": 3}


def at(second: float) -> str:
    """So long after the tests' time began."""
    return to_text(BEGAN + int(second * 1e6))


def version(name: str | int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"version {name}"))


def article_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"article {name}"))


def article(
    name: str = "ferry",
    text: str = "The ferry sails.",
    *,
    second: float = 0,
    of: str | int = "",
    generation: int = 1,
) -> Article:
    """The article `name` saying `text`, in a file read at `second`; `of` names its version."""
    return {
        "id": article_id(name),
        "id_rules": 1,
        "revision": hashlib.sha256(text.encode()).hexdigest(),
        "title": text.rstrip("."),
        "url": f"https://harbour.example/{name}",
        "canonical_url": f"https://harbour.example/{name}",
        "site": "harbour.example",
        "published_date": "2025-11-18",
        "authors": ["Wenna Castellane", "Piotr Osei"],
        "language": "en",
        "summary": text,
        "summary_points": [text],
        "highlights": [],
        "content": [text, "Nobody “waits” on the quay."],
        "word_count": 9,
        "source": {
            "inbox": "inbox",
            "path": f"{name}-{second:g}.txt",
            "version_id": version(of or f"{name} {second}"),
            "bytes": 400 + len(text),
            "sha256": hashlib.sha256(f"{name} {text}".encode()).hexdigest(),
            "observed_at": at(second),
        },
        "parser": {"version": "0.1.0", "generation": generation, "repairs": {}, "stray": ""},
    }


def record(message: Message, offset: int = 0) -> Record:
    return Record(
        message.topic, 0, offset, BEGAN / 1e6, message.key, message.value, message.headers
    )


def normalized(of: Article, offset: int = 0, **changes: Any) -> Record:
    """The event `of` as the parser publishes it; `changes` are fields of the record."""
    source = of["source"]
    own = names.headers(
        names.ARTICLE,
        version_id=source["version_id"],
        inbox=source["inbox"],
        path=source["path"],
        time=source["observed_at"],
        content_type=names.JSON,
        extensions={names.CLOSED_AT: source["observed_at"]},
    )
    message = Message(TOPICS.normalized.name, of["id"].encode(), orjson.dumps(of), own)
    return record(message, offset)._replace(**changes)


def event(
    name: str = "ferry",
    text: str = "The ferry sails.",
    *,
    second: float = 0,
    of: str | int = "",
    generation: int = 1,
) -> Event:
    return event_of(normalized(article(name, text, second=second, of=of, generation=generation)))


def entry(name: str, *, second: float = 0, inbox: str = "inbox") -> Message:
    """The ledger's entry of the version `name`, of the file `name`."""
    value: LedgerEntry = {
        "version_id": version(name),
        "size": 512,
        "mtime_ns": 1,
        "ctime_ns": 1,
        "inode": 7,
        "sha256": hashlib.sha256(name.encode()).hexdigest(),
        "observed_at": at(second),
        "closed_at": at(second),
        "read_at_ns": 1,
    }
    own = names.headers(
        names.LEDGER_ENTRY,
        version_id=version(name),
        inbox=inbox,
        path=name,
        time=at(second),
        content_type=names.JSON,
    )
    return Message(TOPICS.ledger.name, f"{inbox}/{name}".encode(), orjson.dumps(value), own)


def owner() -> Message:
    own = names.headers(
        names.OWNER,
        version_id=version("instance"),
        inbox="inbox",
        path="",
        time=at(0),
        content_type=names.JSON,
    )
    return Message(TOPICS.ledger.name, b"inbox/", b"{}", own)


def tombstone(name: str, moved_to: str | None = None, *, second: float = 9) -> Message:
    """The watcher is done with the file `name`."""
    extensions = {names.DISPOSITION: "moved" if moved_to else "deleted"}
    if moved_to:
        extensions[names.MOVED_TO] = moved_to
    own = names.headers(
        names.FORGOTTEN,
        version_id=version(name),
        inbox="inbox",
        path=name,
        time=at(second),
        content_type=names.JSON,
        extensions=extensions,
    )
    return Message(TOPICS.ledger.name, f"inbox/{name}".encode(), None, own)


def rejection_receipt(name: str, why: Rejection = BREVE, *, second: float = 5) -> Message:
    """The parser's word on the version `name`."""
    value: Receipt = {
        "version_id": version(name),
        "inbox": "inbox",
        "path": name,
        "outcome": "rejected",
        "at": at(second),
        "article_id": None,
        "revision": None,
        "rejection": why,
    }
    own = names.headers(
        names.RECEIPT,
        version_id=version(name),
        inbox="inbox",
        path=name,
        time=at(second),
        content_type=names.JSON,
    )
    return Message(TOPICS.receipts.name, version(name).encode(), orjson.dumps(value), own)
