"""A file's bytes to an article or a rejection: the whole parser as one pure function."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import orjson

from copydesk import __version__
from copydesk.parser.authors import authors
from copydesk.parser.blocks import one_line
from copydesk.parser.dates import Published, published
from copydesk.parser.decode import decode
from copydesk.parser.fields import REQUIRED, Fields, split_fields
from copydesk.parser.passages import AS_READ, judged, passages
from copydesk.parser.rejected import Rejected
from copydesk.parser.rejoin import Boundary
from copydesk.parser.text import clean, has_entities, is_tidy
from copydesk.parser.unpack import unpack
from copydesk.parser.urls import ID_RULES, Address, article_id, canonical
from copydesk_schemas.messages import Article, Rejection, Source

GENERATION: Final = 2
"""To be raised with each change of what comes out for the same input: of two events of one
version the higher generation wins."""

_STRAY = "stray"
_MAX_STRAY = 1024
"""Bytes of UTF-8."""

_STATE = frozenset(Article.__annotations__) - {
    "id",
    "id_rules",
    "revision",
    "word_count",
    "source",
    "parser",
}
"""What makes two events the same state of an article: the fields from `title` to `content`."""


def parse(data: bytes, source: Source) -> Article | Rejection:
    """The article in `data`, the file that `source` describes, or why there is none.

    Never raises, whatever `data` is. Takes time in proportion to its unpacked size.
    """
    return next(answer for answer in parsing(data, source) if answer is not None)


def parsing(data: bytes, source: Source) -> Iterator[Article | Rejection | None]:
    """The same step by step: None after each but the last, which gives the answer."""
    try:
        yield from _article(data, source)
    except Rejected as no:
        yield no.rejection()


def _article(data: bytes, source: Source) -> Iterator[Article | None]:
    repairs: Counter[str] = Counter()
    fields, texts = _read(data, source, repairs)
    yield None
    address, date = _address_and_date(fields, texts)
    told = yield from passages(texts, repairs)
    article: Article = {
        "id": article_id(address.canonical),
        "id_rules": ID_RULES,
        "revision": "",
        "title": one_line(texts["TITLE"]),
        "url": one_line(texts["URL"]),
        "canonical_url": address.canonical,
        "site": address.site,
        "published_date": date.day.isoformat(),
        "authors": authors(texts.get("AUTHOR", "")),
        "language": told.language,
        "summary": told.summary,
        "summary_points": told.summary_points,
        "highlights": told.highlights,
        "content": told.content,
        "word_count": " ".join(told.content).count(" ") + 1,
        "source": source,
        "parser": {
            "version": __version__,
            "generation": GENERATION,
            "repairs": dict(repairs),
            "stray": texts[_STRAY].encode()[:_MAX_STRAY].decode(errors="ignore"),
        },
    }
    if date.at is not None:
        article["published_at"] = _as_text(date.at)
    article["revision"] = _revision(article)
    yield article


def explain(data: bytes, source: Source) -> list[tuple[str, Boundary]] | Rejection:
    """How each boundary in the text of an article was judged, with the tag of its field."""
    try:
        fields, texts = _read(data, source, Counter())
        _address_and_date(fields, texts)
    except Rejected as no:
        return no.rejection()
    return list(judged(texts))


def _read(data: bytes, source: Source, repairs: Counter[str]) -> tuple[Fields, dict[str, str]]:
    """The fields of the file, and their clean texts by tag. Raises Rejected."""
    unpacked = unpack(data, named_gz=source["path"].lower().endswith(".gz"))
    text, special = decode(unpacked, repairs)
    fields = split_fields(text)
    texts = fields.values | {_STRAY: fields.stray}
    tidy = is_tidy(special)
    if not tidy or has_entities(text):
        texts = {
            name: value if tidy and not has_entities(value) else clean(value, repairs)
            for name, value in texts.items()
        }
        if texts["CONTENT"] != fields.values["CONTENT"]:
            texts[AS_READ] = fields.values["CONTENT"]
    _demand_content(fields, texts)
    return fields, texts


def _demand_content(fields: Fields, texts: dict[str, str]) -> None:
    for name in REQUIRED:
        if not texts[name] or texts[name].isspace():
            raise Rejected(
                "empty_field",
                f"The field {name} holds nothing.",
                field=name,
                line=fields.line(name),
            )


def _address_and_date(fields: Fields, texts: dict[str, str]) -> tuple[Address, Published]:
    try:
        address = canonical(one_line(texts["URL"]))
        return address, published(one_line(texts["PUBLISHED_DATE"]))
    except Rejected as no:
        if no.field is not None:
            no.line = fields.line(no.field)
        raise


def _as_text(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _revision(article: Article) -> str:
    state = {name: value for name, value in article.items() if name in _STATE}
    return hashlib.sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS)).hexdigest()
