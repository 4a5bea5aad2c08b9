"""SUMMARY: every full stop had a bullet put after it, and has it taken away again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.parser.blocks import one_line
from copydesk.parser.summary import restore_summary


def cut(text: str) -> str:
    """What happened to SUMMARY upstream."""
    return text.replace(".", ".\n- ")


@pytest.mark.parametrize(
    "text",
    [
        "The council kept the ferry. It costs $1.5 million a year. Nobody minds.",
        "It runs from 6.30 a.m. to 9 p.m. daily",
        "Wait... what? Yes.",
        "One. \n\nTwo.",
        "No full stop at all",
        "",
    ],
)
def test_the_summary_is_what_it_was_before_the_cut(text: str) -> None:
    for field in (cut(text), f"\n{cut(text)}\n\n", cut(text).rstrip()):
        assert restore_summary(field, "en").text == one_line(text)


@given(st.text(alphabet="aB .!?\n-", max_size=40))
def test_undoing_the_cut_is_exact(text: str) -> None:
    if text.strip().startswith("-") or "\n" in text.strip():
        return  # written as a list, which is read as one
    assert restore_summary(cut(text), "en").text == one_line(text)


def test_a_summary_that_was_not_cut_is_left_alone() -> None:
    text = "The council kept the ferry. It costs $1.5 million. Nobody minds."
    assert restore_summary(text, "en") == (
        text,
        ["The council kept the ferry.", "It costs $1.5 million.", "Nobody minds."],
        True,
    )


def test_a_number_is_not_cut_into_points() -> None:
    line, points, _ = restore_summary("It costs $1.\n- 5 million.\n-  Nobody minds.\n- ", "en")
    assert line == "It costs $1.5 million. Nobody minds."
    assert points == ["It costs $1.5 million.", "Nobody minds."]


def test_bullets_that_were_cut_are_whole_again() -> None:
    text = "- It costs $1.5 million.\n- Nobody minds."
    assert restore_summary(cut(text), "en").points == ["It costs $1.5 million.", "Nobody minds."]


@pytest.mark.parametrize(
    "text",
    [
        "- Ferry stays.\n- Fares rise.",
        "• Ferry stays.\n• Fares rise.",
        "- Ferry stays\n- Fares rise",
    ],
)
def test_a_summary_written_as_bullets_is_its_points(text: str) -> None:
    line, points, lawful = restore_summary(text, "en")
    assert lawful
    assert [point.rstrip(".") for point in points] == ["Ferry stays", "Fares rise"]
    assert line == " ".join(points)


def test_bullets_behind_bullets_are_none_of_the_text() -> None:
    text = restore_summary("- • Ferry stays\n- • Fares rise", "en").text
    assert text == "Ferry stays Fares rise"
    assert restore_summary(text, "en").text == text


def test_no_text_is_no_points() -> None:
    assert restore_summary(" \n", "en") == ("", [], True)


def test_points_are_whole_sentences() -> None:
    field = "\nMr.\n-  Oda met U.\n- S.\n-  envoys.\n-  They ate.\n\n\n"
    assert restore_summary(field, "en").points == ["Mr. Oda met U.S. envoys.", "They ate."]


@pytest.mark.parametrize("end", ["\n- ", "\n-", "", "\n\n\n"])
def test_the_last_bullet_may_have_been_stripped(end: str) -> None:
    restored = restore_summary(f"It fell.\n-  It rose.{end}", "en")
    assert restored == ("It fell. It rose.", ["It fell.", "It rose."], True)


def test_a_summary_of_which_a_part_was_cut_is_a_list() -> None:
    restored = restore_summary("It fell. It rose.\n-  It fell.", "en")
    assert restored.points == ["It fell. It rose.", "It fell."]


@given(st.text(alphabet=".-\n a1•"))
def test_whatever_the_field_no_letter_is_lost_or_invented(field: str) -> None:
    text, points, lawful = restore_summary(field, "en")
    assert lawful
    assert "".join("".join(points).split()) == "".join(text.split())
    assert text.count("1") == field.count("1")
    assert text.count(".") == field.count(".")
