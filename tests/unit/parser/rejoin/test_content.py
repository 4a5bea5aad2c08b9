"""CONTENT: false splits are closed, true boundaries and undamaged articles are left alone."""

from __future__ import annotations

from typing import get_args

import pytest

from copydesk.parser.rejoin import Rejoined, Rule, explain, rejoin_content
from tests.unit.parser.rejoin.damage import damage


def joined(*pieces: str, language: str | None = "en") -> list[str]:
    return rejoin_content(pieces, language).blocks


def test_pieces_of_a_sentence_are_joined_with_one_space() -> None:
    assert joined("We saw Dr.", "Lowe on Feb.", "3.", "She waved.") == [
        "We saw Dr. Lowe on Feb. 3.",
        "She waved.",
    ]


def test_joins_are_counted_by_class() -> None:
    pieces = damage("Gov. Ray Bell met U.S. envoys on Oct. 2 at 9 a.m. sharp.")
    repaired = rejoin_content(pieces, None)
    assert repaired.joins == {"title": 1, "acronym": 1, "month": 1, "time": 1}
    assert set(repaired.joins) <= set(get_args(Rule))


def test_an_article_without_false_splits_has_no_joins() -> None:
    assert rejoin_content(["Rain fell.", "It stopped."], "en") == Rejoined(
        ["Rain fell.", "It stopped."], {}
    )


@pytest.mark.parametrize("pieces", [(), ("",), ("One.",), ("", ""), (" ", "Mr.", "  ")])
def test_little_or_nothing_passes(pieces: tuple[str, ...]) -> None:
    assert " ".join(joined(*pieces)) == " ".join(pieces)


@pytest.mark.parametrize("mark", [".", "!", "?"])
@pytest.mark.parametrize("space", [" ", "\n", "\u00a0", "\u2009"])
def test_a_block_that_the_cut_would_have_cut_shows_an_undamaged_article(
    mark: str, space: str
) -> None:
    blocks = ["He met Mr.", "Holt.", f"So it was{mark}{space}Nobody spoke."]
    assert rejoin_content(blocks, "en") == Rejoined(blocks, {}, damaged=False)


def test_white_space_at_a_blocks_end_is_no_evidence() -> None:
    assert rejoin_content(["He met Mr.", "Holt. "], "en").damaged


def test_one_block_without_its_mark_is_no_evidence() -> None:
    assert joined("A heading", "He met Mr.", "Holt.") == ["A heading", "He met Mr. Holt."]


def test_many_blocks_without_their_marks_are() -> None:
    verses = ["O bright Mr.", "Moon", "so high above", "the silver sea", "we sail to thee"]
    assert joined(*verses) == verses


def test_a_control_character_in_the_text_moves_no_boundary() -> None:
    assert joined("a\x01b\x01c.", "He met Mr.", "Holt.") == ["a\x01b\x01c.", "He met Mr. Holt."]


def test_a_list_marker_is_judged_by_the_text_so_far() -> None:
    assert joined("It opened on Jan.", "20.", "Crowds came.") == [
        "It opened on Jan. 20.",
        "Crowds came.",
    ]
    assert joined("Do this.", "1.", "Stir.", "2.", "Wait.") == [
        "Do this.",
        "1. Stir.",
        "2. Wait.",
    ]


def test_a_heading_that_swallowed_the_first_number_gets_its_item() -> None:
    assert joined("How to bake 1.", "Mix.", "2.", "Knead.", "3.", "Bake.") == [
        "How to bake 1. Mix.",
        "2. Knead.",
        "3. Bake.",
    ]


def test_a_day_in_an_article_with_a_list_stays_a_days_end() -> None:
    pieces = ["We came on day 1.", "It rained.", "1.", "Pack.", "2.", "Leave."]
    assert joined(*pieces)[0] == "We came on day 1."


def test_a_quotation_that_is_its_verbs_object_ends_where_it_closes() -> None:
    assert joined('He wrote that "It is over.', 'We lost." Then he left.') == [
        'He wrote that "It is over. We lost." Then he left.'
    ]
    assert len(joined('He wrote, "It is over.', 'We lost." Then he left.')) == 2


def test_what_many_suspects_come_before_is_judged_as_it_is_alone() -> None:
    pieces = ["It was Ann B.", "Poe who left.", "_Rain fell.", "_It stopped."]
    many = ["He met Mr.", "Holt."] * 40
    assert joined(*many, *pieces) == joined(*many) + joined(*pieces)


def test_white_space_other_than_blanks_is_seen_inside_a_piece() -> None:
    assert joined("We met\u00a0Mr.", "Holt.") == ["We met\u00a0Mr. Holt."]


def test_explain_names_the_rule_and_shows_the_text_around() -> None:
    boundaries = list(explain(["He met Mr.", "Holt.", "They ate."], "en"))
    assert [(b.at, b.left, b.right, b.join, b.rule) for b in boundaries] == [
        (0, "He met Mr.", "Holt.", True, "title"),
        (1, "Holt.", "They ate.", False, "plain"),
    ]


def test_explain_says_why_an_article_was_left_alone() -> None:
    whole = ["He met Mr.", "Holt. They ate."]
    assert [b.rule for b in explain(whole, "en")] == ["undamaged"]
    assert [b.rule for b in explain(["Heading", "He ate."], "en")] == ["uncut"]


def test_explain_agrees_with_the_repair() -> None:
    pieces = damage("Sen. Ann Poe (R-Ohio) left the U.S. on Jan. 3. She lives in the U.K. now.")
    kept = sum(not boundary.join for boundary in explain(pieces, "en"))
    assert len(rejoin_content(pieces, "en").blocks) == kept + 1
