"""What the checks let through, and what they say of the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from copydesk_schemas.validation import (
    check_article,
    check_ledger_entry,
    check_owner,
    check_receipt,
    check_rejection,
)

UUID = "5b0c9a58-3a8e-5c8f-9c53-7e1f7a1f0c11"
TIME = "2025-03-02T07:15:00.250000Z"
SHA = "c0" * 32

REJECTION = {"code": "bad_url", "reason": "It is none.", "field": "URL", "line": 3}
ARTICLE = {
    "id": UUID,
    "id_rules": 1,
    "revision": SHA,
    "title": "Harbour town votes",
    "url": "HTTPS://News.example.org/a?utm_source=x",
    "canonical_url": "https://news.example.org/a",
    "site": "news.example.org",
    "published_date": "2025-03-01",
    "published_at": TIME,
    "authors": ["Ines Okafor"],
    "language": "en",
    "summary": "",
    "summary_points": [],
    "highlights": [],
    "content": ["The town council voted."],
    "word_count": 4,
    "source": {
        "inbox": "inbox",
        "path": "a.txt",
        "version_id": UUID,
        "bytes": 10,
        "sha256": SHA,
        "observed_at": TIME,
    },
    "parser": {"version": "0.1.0", "generation": 1, "repairs": {"entities": 2}, "stray": ""},
}
RECEIPT = {
    "version_id": UUID,
    "inbox": "inbox",
    "path": "a.txt",
    "outcome": "stored",
    "at": TIME,
    "article_id": UUID,
    "revision": SHA,
    "rejection": None,
}
REFUSAL = RECEIPT | {
    "outcome": "rejected",
    "article_id": None,
    "revision": None,
    "rejection": REJECTION,
}
LEDGER = {
    "version_id": UUID,
    "size": 10,
    "mtime_ns": 1,
    "ctime_ns": 1,
    "inode": 7,
    "sha256": None,
    "observed_at": TIME,
    "closed_at": TIME,
    "read_at_ns": 1,
}
OWNER = {
    "instance": UUID,
    "host": "press-1",
    "pid": 42,
    "since": TIME,
    "highest_observed_at": "",
}

Check = Callable[[object], None]


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (check_article, ARTICLE),
        (check_rejection, REJECTION),
        (check_rejection, REJECTION | {"field": None, "line": None}),
        (check_receipt, RECEIPT),
        (check_receipt, REFUSAL),
        (check_ledger_entry, LEDGER),
        (check_ledger_entry, LEDGER | {"sha256": SHA}),
        (check_owner, OWNER),
        (check_owner, OWNER | {"highest_observed_at": TIME}),
    ],
)
def test_what_the_services_write_passes(check: Check, value: object) -> None:
    check(value)


@pytest.mark.parametrize(
    ("check", "value", "said"),
    [
        (check_article, ARTICLE | {"content": []}, "article.content: "),
        (check_article, ARTICLE | {"content": ["a", 1]}, "article.content.1: "),
        (check_article, ARTICLE | {"title": ""}, "article.title: "),
        (check_article, ARTICLE | {"id": "x"}, "article.id: "),
        (check_article, ARTICLE | {"id_rules": 2}, "article.id_rules: "),
        (check_article, ARTICLE | {"published_date": "2025-02-30"}, "article.published_date: "),
        (check_article, ARTICLE | {"published_at": "2025-03-02T07:15:00Z"}, "published_at: "),
        (check_article, ARTICLE | {"published_at": None}, "article.published_at: "),
        (check_article, ARTICLE | {"mood": "good"}, "mood"),
        (check_article, {**ARTICLE, "parser": {}}, "article.parser: "),
        (check_article, [], "article: "),
        (check_rejection, REJECTION | {"code": "tired"}, "rejection.code: "),
        (check_rejection, REJECTION | {"line": 0}, "rejection.line: "),
        (check_rejection, REJECTION | {"reason": "two\nlines"}, "rejection.reason: "),
        (check_rejection, {"code": "empty"}, "reason"),
        (check_receipt, RECEIPT | {"outcome": "lost"}, "receipt.outcome: "),
        (check_receipt, RECEIPT | {"rejection": REJECTION}, "receipt"),
        (check_receipt, RECEIPT | {"article_id": None}, "receipt"),
        (check_receipt, REFUSAL | {"article_id": UUID}, "receipt"),
        (check_receipt, REFUSAL | {"rejection": None}, "receipt"),
        (check_ledger_entry, LEDGER | {"size": -1}, "ledger.size: "),
        (check_owner, OWNER | {"since": "today"}, "owner.since: "),
    ],
)
def test_what_is_wrong_is_named_with_its_place(check: Check, value: Any, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        check(value)


def test_the_words_are_one_short_line_even_of_a_long_article() -> None:
    with pytest.raises(ValueError, match=r"^article\.content: ") as caught:
        check_article({**ARTICLE, "content": "line\n" * 100_000})
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
