"""Text becomes blocks, and the summary becomes what it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.parser.blocks import content_blocks, highlight_blocks, one_line, summary_blocks


def cut(text: str) -> str:
    """What happened to SUMMARY upstream."""
    return text.replace(".", ".\n- ")


def test_blank_lines_divide_content_and_line_ends_do_not() -> None:
    text = "\nOne\nparagraph.\n\n  Another,  with   blanks. \n \n\nA third.\n"
    assert content_blocks(text) == ["One paragraph.", "Another, with blanks.", "A third."]


def test_bullets_divide_highlights_and_a_line_without_one_goes_on() -> None:
    text = "\n- One.\n- Two, which\n  goes on.\n-\n- \n* Three.\n\nFour, on its own.\n"
    assert highlight_blocks(text) == ["One.", "Two, which goes on.", "Three.", "Four, on its own."]


def test_highlights_without_bullets_are_lines() -> None:
    assert highlight_blocks("One.\n-5 degrees.\n\nThree.") == ["One.", "-5 degrees.", "Three."]


def test_no_text_is_no_blocks() -> None:
    assert content_blocks("\n \n") == []
    assert highlight_blocks("\n-\n") == []
    assert summary_blocks(" \n") == ("", [])


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
        assert summary_blocks(field)[0] == one_line(text)


@given(st.text(alphabet="aB .!?\n-", max_size=40))
def test_undoing_the_cut_is_exact(text: str) -> None:
    if text.strip().startswith("-") or "\n" in text.strip():
        return  # written as a list, which is read as one
    assert summary_blocks(cut(text))[0] == one_line(text)


def test_a_summary_that_was_not_cut_is_left_alone() -> None:
    text = "The council kept the ferry. It costs $1.5 million. Nobody minds."
    assert summary_blocks(text) == (
        text,
        ["The council kept the ferry.", "It costs $1.5 million.", "Nobody minds."],
    )


def test_a_number_is_not_cut_into_points() -> None:
    line, points = summary_blocks("It costs $1.\n- 5 million.\n-  Nobody minds.\n- ")
    assert line == "It costs $1.5 million. Nobody minds."
    assert points == ["It costs $1.5 million.", "Nobody minds."]


def test_bullets_that_were_cut_are_whole_again() -> None:
    text = "- It costs $1.5 million.\n- Nobody minds."
    assert summary_blocks(cut(text))[1] == ["It costs $1.5 million.", "Nobody minds."]


@pytest.mark.parametrize(
    "text",
    [
        "- Ferry stays.\n- Fares rise.",
        "• Ferry stays.\n• Fares rise.",
        "- Ferry stays\n- Fares rise",
    ],
)
def test_a_summary_written_as_bullets_is_its_points(text: str) -> None:
    line, points = summary_blocks(text)
    assert [point.rstrip(".") for point in points] == ["Ferry stays", "Fares rise"]
    assert line == " ".join(points)
