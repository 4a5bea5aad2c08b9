"""What is an event of ours, and what is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from copydesk.sink.event import Foreign, event_of
from copydesk_schemas import headers as names
from copydesk_schemas.headers import as_text
from tests.unit.sink.events import article, at, normalized, version


def headers(**changes: str | None) -> tuple[tuple[str, bytes], ...]:
    """Those of an event, with some changed and, where None, left out."""
    pairs = as_text(normalized(article()).headers) | changes
    return tuple((name, value.encode()) for name, value in pairs.items() if value is not None)


def changed(**fields: Any) -> bytes:
    return json.dumps({**article(), **fields}).encode()


def test_an_event_is_its_columns_with_lists_as_they_came() -> None:
    event = event_of(normalized(article(second=2)))
    assert event.title == "The ferry sails"
    assert event.authors == b'["Wenna Castellane","Piotr Osei"]'
    assert event.content.decode() == '["The ferry sails.","Nobody “waits” on the quay."]'
    assert event.parser_repairs == b"{}"
    assert event.published_at is None
    assert (event.closed_at, event.order.observed_at) == (at(2), at(2))


def test_a_time_of_publication_is_kept_where_there_is_one() -> None:
    value = changed(published_at="2025-11-18T07:00:00Z")
    assert event_of(normalized(article(), value=value)).published_at == "2025-11-18T07:00:00Z"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": None}, "no article"),
        ({"value": b"{"}, "no article"),
        ({"value": b"[]"}, "no article"),
        ({"value": b"\xff"}, "no article"),
        ({"value": changed(title=7)}, "title"),
        ({"value": changed(content="text")}, "a list"),
        ({"value": changed(word_count=1 << 70)}, "word_count"),
        ({"value": changed(id_rules=2)}, "id_rules"),
        ({"key": None}, "no key"),
        ({"key": b"another"}, "key"),
        ({"headers": ()}, "headers"),
        ({"headers": (("ce_type", b"\xff"),)}, "UTF-8"),
        ({"headers": headers(ce_type=names.RAW)}, "not those of"),
        ({"headers": headers(ce_type="copydesk.article.v2")}, "another release"),
        ({"headers": headers(ce_id=version("another"))}, "ce_id"),
        ({"headers": headers(ce_closedat=None)}, "no article"),
        ({"headers": headers(ce_closedat="yesterday")}, "no article"),
    ],
)
def test_what_is_none_of_ours_is_told_why(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Foreign, match=words):
        event_of(normalized(article(), **changes))
