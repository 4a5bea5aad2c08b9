"""HIGHLIGHTS grow into the whole sentences of CONTENT that they were cut from."""

from __future__ import annotations

from copydesk.parser.rejoin import rejoin_content, rejoin_highlights
from tests.unit.parser.rejoin.damage import damage

PIECES = damage(
    "The bridge opened on Mar. 4 with a parade. Engineers from the U.S. army praised it.",
    "Dr. Ida Brandt cut the ribbon. Children sang. It rained later.",
)
CONTENT = rejoin_content(PIECES, "en").blocks


def grown(*highlights: str) -> list[str]:
    return rejoin_highlights(highlights, CONTENT, "en").blocks


def test_the_second_half_of_a_sentence_becomes_all_of_it() -> None:
    assert grown("4 with a parade.") == ["The bridge opened on Mar. 4 with a parade."]


def test_adjacent_pieces_of_one_sentence_merge() -> None:
    assert grown("Engineers from the U.S.", "army praised it.") == [
        "Engineers from the U.S. army praised it."
    ]


def test_doubles_merge_and_order_stays() -> None:
    assert grown("It rained later.", "Dr.", "Children sang.", "Ida Brandt cut the ribbon.") == [
        "It rained later.",
        "Dr. Ida Brandt cut the ribbon.",
        "Children sang.",
    ]


def test_a_highlight_of_several_sentences_becomes_the_run_of_them() -> None:
    assert grown("cut the ribbon. Children sang.") == [
        "Dr. Ida Brandt cut the ribbon. Children sang."
    ]


def test_what_content_does_not_hold_is_repaired_by_itself() -> None:
    assert grown("Gov.", "Lin Mays was ill.", "Children sang.", "No one knew why.") == [
        "Gov. Lin Mays was ill.",
        "Children sang.",
        "No one knew why.",
    ]


def test_a_word_is_not_found_inside_another() -> None:
    assert grown("rain") == ["rain"]


def test_highlights_of_an_undamaged_article_become_sentences_and_not_paragraphs() -> None:
    paragraphs = ["The mill shut. Mr. Oda wept. Owls moved in.", "It burned."]
    repaired = rejoin_highlights(["Oda wept."], paragraphs, "en", damaged=False)
    assert repaired.blocks == ["Mr. Oda wept."]


def test_nothing_gives_nothing() -> None:
    assert grown() == []
    assert rejoin_highlights(["A lone one."], [], "en").blocks == ["A lone one."]


def test_an_empty_highlight_is_found_in_no_sentence() -> None:
    repaired = rejoin_highlights(["", "Dr."], ["Dr.", ""], "en")
    assert repaired.lawful
    assert repaired.held == 1
