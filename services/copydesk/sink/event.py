"""The sink's view of a record of the topic `normalized`: the columns of a row, or why it is none.

This is the decode boundary. The parser holds each event against its schema before it leaves; here
types, key and headers are checked, so that what is no event of ours is told from what is.
"""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import msgspec

from copydesk.sink.precedence import Order
from copydesk.transport.api import Record
from copydesk_schemas.headers import ARTICLE, CLOSED_AT, as_text
from copydesk_schemas.times import from_text


class Foreign(Exception):
    """The record is no message of ours. The words say what is wrong with it."""


class Json(bytes):
    """JSON in UTF-8, as it came. To make text of it, and that again of text, takes longer than all
    else that is done with it here; so it is left to a database that wants text.
    """

    def __conform__(self, _: object) -> str:
        """What `sqlite3` asks for."""
        return self.decode()


class Event(NamedTuple):
    """An article's event as columns."""

    article_id: str
    revision: str
    source_observed_at: str
    parser_generation: int
    source_version_id: str
    source_inbox: str
    source_path: str
    source_bytes: int
    source_sha256: str
    parser_version: str
    parser_repairs: Json
    parser_stray: str
    id_rules: int
    title: str
    url: str
    canonical_url: str
    site: str
    published_date: str
    published_at: str | None
    authors: Json
    language: str
    summary: str
    summary_points: Json
    highlights: Json
    content: Json
    word_count: int
    closed_at: str

    @property
    def order(self) -> Order:
        """Where the event stands among those of its article."""
        return Order(
            self.source_observed_at, self.parser_generation, self.revision, self.source_version_id
        )


_Count = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]


class _Source(msgspec.Struct, gc=False):
    inbox: str
    path: str
    version_id: str
    bytes: _Count
    sha256: str
    observed_at: str


class _Parser(msgspec.Struct, gc=False):
    version: str
    generation: _Count
    repairs: msgspec.Raw
    stray: str


class _Article(msgspec.Struct, gc=False):
    """Lists stay the JSON that they are: storage takes them as they came."""

    id: str
    id_rules: Literal[1]
    revision: str
    title: str
    url: str
    canonical_url: str
    site: str
    published_date: str
    authors: msgspec.Raw
    language: str
    summary: str
    summary_points: msgspec.Raw
    highlights: msgspec.Raw
    content: msgspec.Raw
    word_count: _Count
    source: _Source
    parser: _Parser
    published_at: str | None = None


_decode = msgspec.json.Decoder(_Article).decode


def event_of(record: Record) -> Event:
    """The event that `record` holds. Raises Foreign."""
    headers = checked_headers(record, ARTICLE)
    closed_at = headers.get(CLOSED_AT, "")
    try:
        from_text(closed_at)
        article = _decode(record.value or b"")
    except (ValueError, msgspec.MsgspecError) as error:
        raise Foreign(f"it is no article: {error}") from error
    source, parser = article.source, article.parser
    if record.key != article.id.encode() or headers["ce_id"] != source.version_id:
        raise Foreign("its key or its ce_id is not that of its article")
    return Event(
        article.id,
        article.revision,
        source.observed_at,
        parser.generation,
        source.version_id,
        source.inbox,
        source.path,
        source.bytes,
        source.sha256,
        parser.version,
        _json(parser.repairs, b"{"),
        parser.stray,
        article.id_rules,
        article.title,
        article.url,
        article.canonical_url,
        article.site,
        article.published_date,
        article.published_at,
        _json(article.authors, b"["),
        article.language,
        article.summary,
        _json(article.summary_points, b"["),
        _json(article.highlights, b"["),
        _json(article.content, b"["),
        article.word_count,
        closed_at,
    )


def checked_headers(record: Record, kind: str) -> dict[str, str]:
    """The record's headers, when they are those of a message of `kind`. Raises Foreign."""
    try:
        headers = as_text(record.headers)
    except UnicodeDecodeError as error:
        raise Foreign("its headers are not UTF-8") from error
    found = headers.get("ce_type", "")
    if found != kind:
        stem = kind.rpartition(".v")[0]
        newer = found.startswith(f"{stem}.v")
        raise Foreign(
            f"it is a {found}, written by another release of copydesk"
            if newer
            else f"its headers are not those of a {kind}"
        )
    if record.key is None or not headers.get("ce_id"):
        raise Foreign("it has no key, or no ce_id")
    return headers


def _json(raw: msgspec.Raw, opens: bytes) -> Json:
    found = Json(raw)
    if not found.startswith(opens):
        raise Foreign("it is no article: a list, or the repairs, are something else")
    return found
