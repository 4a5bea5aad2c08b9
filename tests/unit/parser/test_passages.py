"""CONTENT, HIGHLIGHTS and SUMMARY of a damaged file come out whole, and others untouched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.parser import passages as under_test
from copydesk.parser.passages import Passages, passages
from copydesk.parser.rejoin import Highlights, Rejoined
from copydesk.parser.summary import Summary
from tests.unit.parser.articles import compose, parsed
from tests.unit.parser.rejoin.damage import articles, damage

TEXT = (
    "The keeper of the lighthouse, Mr. Aldous Fenn, left the U.S. on Jan. 20 at 6 a.m. local time.",
    "“We will miss him,” said Dr. Inge Solheim of the harbour board , who had known him for years.",
)
PIECES = damage(*TEXT)
CONTENT = "\n\n".join(PIECES)


def bullets(pieces: list[str]) -> str:
    return "".join(f"- {piece}\n" for piece in pieces)


def finished(steps: Generator[None, None, Passages]) -> Passages:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            told: Passages = end.value
            return told


def test_a_damaged_article_comes_out_in_whole_sentences() -> None:
    event = parsed(compose(CONTENT=CONTENT, HIGHLIGHTS=bullets(PIECES[-3:])))
    whole = [TEXT[0], TEXT[1].replace(" ,", ",")]
    assert event["content"] == whole
    assert event["highlights"] == whole
    assert event["word_count"] == sum(len(block.split()) for block in whole)
    assert event["parser"]["repairs"] == {
        "joined_acronym": 1,
        "joined_month": 1,
        "joined_time": 1,
        "joined_title": 2,
        "spacing": 1,
    }


def test_highlights_are_found_although_their_blanks_stand_wrong() -> None:
    event = parsed(
        compose(CONTENT=CONTENT, HIGHLIGHTS="- Inge Solheim of the harbour board , who\n")
    )
    assert event["highlights"] == event["content"][1:]


def test_a_title_that_stands_alone_goes_with_what_follows_it() -> None:
    content = "Mr.\n\nFenn left.\n\nMr.\n\nMoss stayed.\n\nIt rained.\n"
    event = parsed(compose(CONTENT=content, HIGHLIGHTS="- Mr.\n- Moss stayed.\n- It rained.\n"))
    assert event["highlights"] == ["Mr. Moss stayed.", "It rained."]


WELL_FORMED = (
    "The keeper left on Monday. Mr. Fenn, who is 70, gave no reason.",
    "What happens now",
    "1. The lamp is lit by hand.",
    "2. The board meets on Feb. 3. It may hire somebody.",
    "“Nobody wants it,” said Dr. Solheim. “It is cold.”",
)


def test_an_article_that_shows_it_was_not_damaged_passes_block_for_block() -> None:
    event = parsed(compose(CONTENT="\n\n".join(WELL_FORMED), HIGHLIGHTS="- said Dr. Solheim.\n"))
    assert event["content"] == list(WELL_FORMED)
    assert event["parser"]["repairs"] == {}
    assert event["highlights"] == ["“Nobody wants it,” said Dr. Solheim."]


@pytest.mark.parametrize("blank", ["&nbsp;", "\u200b ", "Â\u00a0", "&#8203; "])
def test_a_blank_that_was_none_to_the_cut_does_not_show_that_there_was_no_cut(blank: str) -> None:
    content = f"Mr.\n\nFenn left.\n\nIt rained.{blank}He wept.\n\nDr.\n\nMoss stayed."
    event = parsed(compose(CONTENT=content))
    assert event["content"] == ["Mr. Fenn left.", "It rained. He wept.", "Dr. Moss stayed."]
    again = parsed(compose(CONTENT="\n\n".join(event["content"])))
    assert again["content"] == event["content"]


@pytest.mark.parametrize(
    ("tag", "text", "whole"),
    [
        (
            "de",
            "Der Hafen kostet ca. drei Mio. und wird jetzt gebaut. Dr. Brandt ist dafür.",
            [
                "Der Hafen kostet ca. drei Mio. und wird jetzt gebaut.",
                "Dr.",
                "Brandt ist dafür.",
            ],
        ),
        (
            "fr",
            "Le port ouvrira en janv. prochain, dit le maire du village. M. Dupond attend.",
            ["Le port ouvrira en janv. prochain, dit le maire du village.", "M.", "Dupond attend."],
        ),
        (
            "es",
            "El puerto está en la avda. del Mar y abrirá mañana. El Sr. Ruiz espera.",
            ["El puerto está en la avda. del Mar y abrirá mañana.", "El Sr.", "Ruiz espera."],
        ),
        (
            "uk",
            "Порт коштує п’ять млн. гривень і стоїть на вул. лісовій. Там жив І. Франко.",
            ["Порт коштує п’ять млн. гривень і стоїть на вул. лісовій.", "Там жив І.", "Франко."],
        ),
    ],
)
def test_other_languages_get_what_is_right_in_any_of_them(
    tag: str, text: str, whole: list[str]
) -> None:
    event = parsed(compose(CONTENT="\n\n".join(damage(text))))
    assert (event["language"], event["content"]) == (tag, whole)


def test_a_field_whose_repair_breaks_its_law_goes_out_as_it_came_and_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        under_test, "rejoin_content", lambda *_: Rejoined(["Lost."], {}, lawful=False)
    )
    unlawful = Highlights(["As it was."], lawful=False)
    monkeypatch.setattr(under_test, "rejoin_highlights", lambda *_, **__: unlawful)
    monkeypatch.setattr(
        under_test, "restore_summary", lambda *_: Summary("So.", ["So."], lawful=False)
    )
    repairs: Counter[str] = Counter()
    finished(passages({"CONTENT": CONTENT}, repairs))
    assert repairs == {
        "unrepaired_content": 1,
        "unrepaired_highlights": 1,
        "unrepaired_summary": 1,
    }


def test_spacing_that_would_change_more_than_blanks_is_not_closed_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(under_test, "tidy_pieces", lambda pieces, _: [*pieces[:-1], "Lost."])
    repairs: Counter[str] = Counter()
    told = finished(passages({"CONTENT": "The boat left.\n\nIt rained."}, repairs))
    assert told.content == ["The boat left.", "It rained."]
    assert repairs == {"unrepaired_content": 1}


@given(articles(), st.data())
def test_a_second_pass_changes_nothing(pieces: list[str], data: st.DataObject) -> None:
    pieces = [piece for piece in pieces if piece.split()]
    chosen = data.draw(st.lists(st.sampled_from(pieces), max_size=4)) if pieces else []
    first = finished(
        passages({"CONTENT": "\n\n".join(pieces), "HIGHLIGHTS": bullets(chosen)}, Counter())
    )
    told = {"CONTENT": "\n\n".join(first.content), "HIGHLIGHTS": bullets(first.highlights)}
    again = finished(passages(told, Counter()))
    assert again.content == first.content
    assert again.highlights == first.highlights
