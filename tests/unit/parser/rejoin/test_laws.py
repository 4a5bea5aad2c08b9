"""What holds for any text at all: nothing lost, nothing invented, and once is enough."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copydesk.parser.rejoin import (
    explain,
    rejoin_content,
    rejoin_highlights,
    sentences,
    tidy_spacing,
)
from tests.unit.parser.rejoin.damage import articles, blocks

LANGUAGES = st.sampled_from(["en", "en-GB", None, "und", "de", "uk"])


def solid(text: str) -> str:
    return "".join(text.split())


@given(articles() | blocks(), LANGUAGES)
def test_no_character_is_lost_and_none_invented(pieces: list[str], language: str | None) -> None:
    repaired = rejoin_content(pieces, language)
    assert repaired.lawful
    assert " ".join(repaired.blocks) == " ".join(pieces)


@given(articles() | blocks(), LANGUAGES)
def test_a_second_pass_changes_nothing(pieces: list[str], language: str | None) -> None:
    once = rejoin_content(pieces, language).blocks
    assert rejoin_content(once, language).blocks == once


@given(articles() | blocks(), LANGUAGES)
def test_joins_are_the_blocks_that_went_and_each_is_explained(
    pieces: list[str], language: str | None
) -> None:
    repaired = rejoin_content(pieces, language)
    boundaries = list(explain(pieces, language))
    assert len(pieces) - len(repaired.blocks) == sum(repaired.joins.values())
    assert sum(boundary.join for boundary in boundaries) == sum(repaired.joins.values())
    assert [boundary.at for boundary in boundaries] == list(range(len(pieces) - 1))


@given(articles(), st.data())
def test_each_highlight_is_a_run_of_content_that_contains_it(
    pieces: list[str], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(pieces), max_size=5))
    content = rejoin_content(pieces, "en")
    repaired = rejoin_highlights(chosen, content.blocks, "en", damaged=content.damaged)
    text = " ".join(content.blocks)
    assert repaired.lawful
    assert all(block in text for block in repaired.blocks)
    assert all(any(piece in block for block in repaired.blocks) for piece in chosen)
    again = rejoin_highlights(repaired.blocks, content.blocks, "en", damaged=content.damaged)
    assert again.blocks == repaired.blocks


@given(blocks(), blocks(), LANGUAGES)
def test_highlights_from_anywhere_lose_no_piece(
    highlights: list[str], content: list[str], language: str | None
) -> None:
    repaired = rejoin_highlights(highlights, content, language).blocks
    assert all(any(piece in block for block in repaired) for piece in highlights)


@given(st.text() | articles().map(" ".join), LANGUAGES)
def test_sentences_keep_every_character(text: str, language: str | None) -> None:
    assert solid("".join(sentences(text, language))) == solid(text)


@given(st.text(alphabet=' ,.“”"a1:\n\u00a0') | articles().map(" ".join), LANGUAGES)
def test_spacing_changes_only_white_space_and_only_once(text: str, language: str | None) -> None:
    tidy = tidy_spacing(text, language)
    assert solid(tidy) == solid(text)
    assert tidy_spacing(tidy, language) == tidy
