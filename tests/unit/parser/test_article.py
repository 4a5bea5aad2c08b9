"""The whole parser: what an event holds, that every code has a way to it, and its laws."""

from __future__ import annotations

import copy
import gc
import gzip
import hashlib
import time
import unicodedata
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Final, get_args

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk import __version__
from copydesk.parser.article import GENERATION, parse
from copydesk.parser.fields import NAMES
from copydesk_schemas.messages import Article, Code
from copydesk_schemas.validation import check_article, check_rejection
from tests.unit.parser.articles import FIELDS, SOURCE, compose, parsed, rejected

EXAMPLES: Final[dict[Code, bytes]] = {
    "not_text": b"\x89PNG\r\n\x1a\n" + Random(7).randbytes(2000),  # noqa: S311 -- noise
    "bad_encoding": compose(CONTENT="Мост откроют в понедельник, сообщил мэр.").encode("cp1251"),
    "empty": b" \n",
    "too_large": b"x" * ((1 << 20) + 1),
    "no_tags": b"The town council voted on Saturday.",
    "missing_field": compose(URL=None).encode(),
    "empty_field": compose(TITLE=" ").encode(),
    "duplicate_field": compose().encode() + b"<URL>https://example.org/</URL>",
    "unclosed_tag": compose().replace("</TITLE>", "").encode(),
    "several_articles": 2 * compose().encode(),
    "bad_date": compose(PUBLISHED_DATE="03/04/2025").encode(),
    "bad_url": compose(URL="example.org").encode(),
    "bad_gzip": gzip.compress(compose().encode())[:-3],
    "unpacks_too_large": gzip.compress(bytes(5 << 20)),
}
"""A file for each code that the parser itself gives."""

BY_OTHERS: Final[set[Code]] = {"refused_by_store", "bad_message", "internal_error"}


@pytest.mark.parametrize("code", EXAMPLES)
def test_each_code_has_an_example(code: Code) -> None:
    rejection = rejected(EXAMPLES[code])
    assert rejection["code"] == code
    check_rejection(rejection)


def test_no_code_is_without_an_example() -> None:
    assert set(EXAMPLES) | BY_OTHERS == set(get_args(Code))


def test_an_event_holds_everything_that_the_file_says() -> None:
    event = parsed("Stray.\n" + compose(PUBLISHED_DATE="2025-03-01T09:00:00+01:00"))
    check_article(event)
    assert event["title"] == "Harbour town votes to keep its last ferry"
    assert event["published_date"] == "2025-03-01"
    assert event["published_at"] == "2025-03-01T08:00:00.000000Z"
    assert event["authors"] == ["Ines Okafor"]
    assert event["language"] == "en"
    assert event["summary"] == "The council kept the ferry. It costs $1.5 million a year."
    assert event["summary_points"] == [
        "The council kept the ferry.",
        "It costs $1.5 million a year.",
    ]
    assert event["highlights"] == ["The vote was 7 to 4.", "The ferry has run since 1911."]
    assert event["content"] == [
        "The town council voted on Saturday to keep the last ferry across the bay.",
        "It costs about $1.5 million a year, and most of its passengers are pupils.",
        "“Nobody here wanted to take the long road,” the mayor said.",
    ]
    assert event["word_count"] == 14 + 14 + 11
    assert event["source"] == SOURCE
    assert event["parser"] == {
        "version": __version__,
        "generation": GENERATION,
        "repairs": {},
        "stray": "Stray.",
    }


def test_the_revision_is_the_digest_of_the_fields_from_title_to_content() -> None:
    event = parsed(compose())
    outside = {"id", "id_rules", "revision", "word_count", "source", "parser"}
    state = {name: value for name, value in event.items() if name not in outside}
    assert set(state) == {
        "title", "url", "canonical_url", "site", "published_date", "authors", "language",
        "summary", "summary_points", "highlights", "content",
    }  # fmt: skip
    canonical = orjson.dumps(state, option=orjson.OPT_SORT_KEYS)
    assert event["revision"] == hashlib.sha256(canonical).hexdigest()


@pytest.mark.parametrize("name", NAMES)
def test_a_change_of_any_field_is_another_revision(name: str) -> None:
    other = {
        "PUBLISHED_DATE": "2025-03-01T08:00:00Z",
        "URL": FIELDS["URL"] + "?utm_source=x",
        "AUTHOR": "Per Lund",
    }.get(name, FIELDS[name].replace("ferry", "boat"))
    changed = parsed(compose(**{name: other}))
    assert changed["revision"] != parsed(compose())["revision"]
    assert changed["id"] == parsed(compose())["id"]


def test_the_file_it_came_from_changes_no_revision() -> None:
    one, two = parsed(compose(), "a.txt"), parsed(compose(), "b/c.txt")
    assert (one["id"], one["revision"]) == (two["id"], two["revision"])


def test_repairs_are_counted_by_kind() -> None:
    text = compose(
        TITLE="Fish &amp; chips &amp; peas",
        CONTENT="The mayorâ€™s caf\u00ade\u0301\n\nis open\x00, ca\u00adfe\u0301.",
    )
    assert parsed(text)["parser"]["repairs"] == {
        "control_characters": 1,
        "entities": 2,
        "invisible_characters": 2,
        "mojibake": 1,
        "normalization": 1,
    }


def test_an_entity_never_makes_a_tag() -> None:
    assert parsed(compose(CONTENT="\n&lt;TITLE&gt;x&lt;/TITLE&gt;\n"))["content"] == [
        "<TITLE>x</TITLE>"
    ]


def whole(data: bytes) -> None:
    """Hold what comes of `data` against its schema, and see that it can be told again."""
    result = parse(data, copy.deepcopy(SOURCE))
    if "code" in result:
        check_rejection(result)
    else:
        check_article(result)
        assert orjson.loads(orjson.dumps(result)) == result
    assert parse(data, SOURCE) == result


FRAGMENTS = st.sampled_from(
    [
        *(f"<{name}>" for name in NAMES), *(f"</{name}>" for name in NAMES), *FIELDS.values(),
        "\n", "\r\n", " ", "\t", "<", ">", "&", "&amp;", "&#10;", "&#x110000;", "Ã", "â€™", "Ð¿",
        "\u200b", "\u200d", "\u0301", "\u00ad", "\u2028", "\ufeff", "\x00", "\x85", ".\n- ", "- ",
        "2025-03-01", "Updated ", "By ", ", Jr.", "@x.y", "https://", "?utm_source=x&", "#", "“",
    ]
)  # fmt: skip


DATE_WORDS = (
    "Jan", "March", "14", "2025", "05", "7", ":", ".", "/", "-", "+", ",", "am", "p.m.", "ET",
    "GMT+3", "Z", "T", "Friday", "10:30", "th", "of", "at", "1e5", "0x1f", "00", "9999", "W02",
    "(EST)", "Updated", "1.5", "99999999999999999999",
)  # fmt: skip


@given(st.binary(max_size=300))
def test_any_bytes_give_an_event_or_a_rejection(data: bytes) -> None:
    whole(data)


@settings(max_examples=300)
@given(st.lists(FRAGMENTS, max_size=25).map("".join))
def test_any_mixture_of_what_articles_are_made_of_gives_one(text: str) -> None:
    whole(text.encode())
    whole(text.encode("utf-16"))
    whole(text.encode("cp1252", "ignore"))


@settings(max_examples=300)
@given(st.sampled_from(NAMES), st.binary(max_size=120) | FRAGMENTS.map(str.encode))
def test_any_bytes_in_any_field_give_one(name: str, data: bytes) -> None:
    opening = f"<{name}>".encode()
    whole(compose(**{name: ""}).encode().replace(opening, opening + data))


@settings(max_examples=300)
@given(st.sampled_from(NAMES), st.text(max_size=60))
def test_any_text_in_any_field_gives_one(name: str, text: str) -> None:
    whole(compose(**{name: text}).encode("utf-8", "ignore"))


def test_a_number_that_no_decimal_can_divide_is_no_date() -> None:
    text = "3:44:1/6Z9:" + "9" * 41 + "T7.+7"
    assert rejected(compose(PUBLISHED_DATE=text))["code"] == "bad_date"


@settings(max_examples=500)
@given(
    st.lists(
        st.sampled_from(DATE_WORDS) | st.text("0123456789-/:.+TZ ", max_size=8),
        max_size=9,
    )
)
def test_anything_like_a_date_gives_one(words: list[str]) -> None:
    whole(compose(PUBLISHED_DATE=" ".join(words)).encode())
    whole(compose(PUBLISHED_DATE="".join(words)).encode())


@settings(max_examples=300)
@given(st.text("aB0.:/?#&=@[]%\\ é\u200bx--", max_size=40))
def test_anything_like_an_address_gives_one(rest: str) -> None:
    whole(compose(URL=f"https://{rest}").encode())


@given(st.binary(max_size=200), st.integers(0, 60))
def test_any_damage_to_a_packed_file_gives_one(noise: bytes, at: int) -> None:
    packed = gzip.compress(compose().encode())
    whole(packed[:at] + noise + packed[at + len(noise) :])


LETTERS = st.sampled_from("aZ7") | st.characters(min_codepoint=0x400, categories=("Lu", "Ll", "Nd"))
WORDS = st.lists(st.text(LETTERS, min_size=1), min_size=1)
"""Without the letters of which mojibake is made."""


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_no_word_of_the_content_is_lost_or_invented(paragraphs: list[list[str]]) -> None:
    text = "\n\n".join(" ".join(words) for words in paragraphs)
    event = parsed(compose(CONTENT=text))
    assert letters(" ".join(event["content"])) == letters(text)


def letters(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


HOSTILE = [
    "<", "<TITLE", "<TITLE>", "</TITLE> ", "< ", "<  /  TITLE", "</CONTENT> x", "&", "&#", "&amp",
    "&amp;", "\n", "\n \n", "\r", " ", "- ", "\n- ", ".\n- ", ". ", "'", '"', "“", "Ã", "Ã©", "â€",
    "â€™ ", "Ð", "\u0301", "a\u0301\u0323", "\u200b", "\u200d", "\u00ad", "\u00a0", "\ufeff",
    " <TITLE> ",
    "U.S. ", "... ", "“ ", "Mr. ", "Mr.\n\n", "U.S.\n\n", "1.\n\n", " ,", "\n- no such words",
    "â€ ", "aÃ ", "&amp;amp;", "» x.\n\n", "photos by ", "and\n", "M.D. ", "a (b) ",
    "Jr., ", ", jr", " and ", "a@", "a@b.", "By ", "in ", "(", "of the ", "senior ", "\x00a" * 30,
]  # fmt: skip


RUNS = [
    ("<", " "), ("</", " "), ("</TITLE>", " "), ("<", "T"), ("<T", "_"), ("\u0645", "\u200d"),
    ("&#", "9"), ("&", "a"), ("\n", " "), (".", "\n"),
    ("By", " "), ("Ines Okafor", " "), ("@", "a"), ("a@", "a."), ("14 March", " "),
    ("https://", "a."), ("https://a/?", "&"), ("https://a/", "../"),
]  # fmt: skip
"""What begins, and what then goes on without end."""

LINEAR = 24
"""Between 8, which is linear, and 64, which is quadratic, with room for a busy machine."""


@pytest.mark.parametrize("name", ["", "AUTHOR", "SUMMARY", "HIGHLIGHTS", "CONTENT"])
def test_time_is_linear_in_size_whatever_is_repeated(name: str) -> None:
    """Eight times the size takes about eight times the time; a quadratic step would take 64."""
    texts = [("", piece) for piece in HOSTILE] + RUNS
    ratios = {text: growth(partial(fill, name, *text)) for text in texts}
    slow = {text: ratio for text, ratio in ratios.items() if ratio > LINEAR}
    assert slow == {}


def fill(name: str, beginning: str, piece: str, size: int) -> bytes:
    repeated = beginning + piece * (size // len(piece.encode())) + "\u0645"
    return (compose(**{name: repeated}) if name else repeated).encode()


def growth(make: Callable[[int], bytes]) -> float:
    """How many times longer parsing takes of what is eight times as large; 0 if no time at all."""
    small, large = make(8_000), make(64_000)
    if cost(large, 1) < 0.01:
        return 0.0
    ratio = cost(large, 1) / cost(small, 3)
    return ratio if ratio <= LINEAR else cost(large, 5) / cost(small, 5)


def cost(data: bytes, times: int) -> float:
    """The least of so many measurements, CPU seconds of this thread, without the collector's."""
    gc.disable()
    try:
        return min(_seconds(data) for _ in range(times))
    finally:
        gc.enable()


def _seconds(data: bytes) -> float:
    began = time.thread_time()
    parse(data, SOURCE)
    return time.thread_time() - began


def test_an_article_is_told_from_a_rejection_by_its_type() -> None:
    result = parse(compose().encode(), SOURCE)
    assert "code" not in result
    event: Article = result
    assert event["id_rules"] == 1
