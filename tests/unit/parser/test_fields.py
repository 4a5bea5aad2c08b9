"""The tagged format, tag by tag."""

from __future__ import annotations

import pytest

from copydesk.parser.fields import NAMES, REQUIRED
from tests.unit.parser.articles import FIELDS, compose, parsed, rejected


def test_tags_may_be_of_any_case_with_blanks_inside_and_around() -> None:
    text = compose(TITLE=None)
    assert parsed("  < Title >Ferry stays</ tITLE  >  \n" + text)["title"] == "Ferry stays"
    assert parsed("\t<TITLE >Ferry stays< / TITLE>\t\n" + text)["title"] == "Ferry stays"


def test_fields_stand_in_any_order_without_line_ends_between_text_and_tags() -> None:
    backwards = dict(reversed(FIELDS.items()))
    text = "".join(f"<{name}>{value}</{name}>\n" for name, value in backwards.items())
    assert parsed(text)["revision"] == parsed(compose())["revision"]


def test_the_last_line_needs_no_end() -> None:
    assert parsed(compose().rstrip("\n"))["authors"] == ["Ines Okafor"]


@pytest.mark.parametrize(
    "prose",
    [
        "Profits < 5 & losses > 3, he said; a<b.",
        "The <CONTENT> tag in mid-line is prose, and <TITLE> too.",
        "So is a closing </CONTENT> that more text follows.",
        "<b>Bold</b> and <br/> at a line's start",
        "<SUBTITLE>Unknown tags are prose</SUBTITLE>",
        "</URL>",
        "</TITLE>",
        "<URL",
        "< >",
    ],
)
def test_what_only_looks_like_a_tag_is_text(prose: str) -> None:
    assert parsed(compose(CONTENT=f"\n{prose}\n"))["content"] == [prose]


def test_a_field_ends_at_the_first_closing_tag_that_ends_a_line() -> None:
    text = compose(CONTENT="\nHe wrote </CONTENT> twice </CONTENT>\nThis is stray.")
    article = parsed(text)
    assert article["content"] == ["He wrote </CONTENT> twice"]
    assert article["parser"]["stray"] == "This is stray.</CONTENT>"


def test_text_between_fields_is_kept_up_to_a_kibibyte() -> None:
    text = "Above.\n" + compose().replace("<URL>", "é" * 3000 + "\n<URL>", 1)
    stray = parsed(text)["parser"]["stray"]
    assert stray.startswith("Above.\néé")
    assert 1020 < len(stray.encode()) <= 1024


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_field_that_is_not_there_is_named(name: str) -> None:
    rejection = rejected(compose(**{name: None}))
    assert (rejection["code"], rejection["field"], rejection["line"]) == (
        "missing_field",
        name,
        None,
    )


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("nothing", ["", " ", "\n\n", "\u00a0\u200b", "&nbsp;"])
def test_a_required_field_that_holds_nothing_is_named_with_its_line(
    name: str, nothing: str
) -> None:
    text = compose(**{name: nothing})
    rejection = rejected(text)
    assert (rejection["code"], rejection["field"]) == ("empty_field", name)
    assert rejection["line"] == text[: text.index(f"<{name}>")].count("\n") + 1


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(REQUIRED)))
def test_the_other_fields_may_be_absent_or_empty(name: str) -> None:
    assert parsed(compose(**{name: None}))["revision"] == parsed(compose(**{name: ""}))["revision"]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "TITLE"])
def test_a_field_that_stands_there_twice_is_named_with_the_second_s_line(name: str) -> None:
    text = compose()
    rejection = rejected(text + f"<{name}>again</{name}>\n")
    assert (rejection["code"], rejection["field"]) == ("duplicate_field", name)
    assert rejection["line"] == text.count("\n") + 1


def test_a_second_title_before_content_is_a_duplicate() -> None:
    assert rejected("<TITLE>One</TITLE>\n" + compose())["code"] == "duplicate_field"


def test_a_second_title_after_content_is_another_article() -> None:
    rejection = rejected(compose() + compose())
    assert rejection["code"] == "several_articles"
    assert rejection["line"] == compose().count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(compose().replace("</URL>", ""), id="no closing tag"),
        pytest.param(compose().replace("</URL>", "</TITLE>"), id="the wrong closing tag"),
        pytest.param(compose().replace("</URL>", "</URL> and more"), id="one in mid-line"),
        pytest.param(compose().replace("</URL>\n", "</URL>"), id="the next on its line"),
    ],
)
def test_a_field_not_closed_before_the_next_opens_is_named_with_its_line(text: str) -> None:
    rejection = rejected(text)
    assert (rejection["code"], rejection["field"], rejection["line"]) == ("unclosed_tag", "URL", 3)


def test_a_field_that_opens_again_within_itself_is_unclosed() -> None:
    rejection = rejected(compose(TITLE="One\n<TITLE>Two"))
    assert (rejection["code"], rejection["field"], rejection["line"]) == (
        "unclosed_tag",
        "TITLE",
        1,
    )


def test_a_field_open_at_the_file_s_end_is_unclosed() -> None:
    rejection = rejected(compose().removesuffix("</CONTENT>\n"))
    assert (rejection["code"], rejection["field"]) == ("unclosed_tag", "CONTENT")
    assert "the file's end" in rejection["reason"]


@pytest.mark.parametrize("text", ["Just words.", "<b>html</b>", "{}", "see <TITLE>here</TITLE>"])
def test_a_text_without_any_tag_has_no_tags(text: str) -> None:
    assert rejected(text)["code"] == "no_tags"


def test_lines_are_counted_in_the_file_with_its_own_line_ends() -> None:
    text = compose(URL="\n\nftp://example.org/").replace("\n", "\r\n")
    assert rejected(text)["line"] == 5
