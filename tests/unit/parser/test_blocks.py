"""Text becomes blocks, and the summary becomes what it was."""

from __future__ import annotations

from copydesk.parser.blocks import content_blocks, highlight_blocks


def test_blank_lines_divide_content_and_line_ends_do_not() -> None:
    text = "\nOne\nparagraph.\n\n  Another,  with   blanks. \n \n\nA third.\n"
    assert content_blocks(text) == ["One paragraph.", "Another, with blanks.", "A third."]


def test_bullets_divide_highlights_and_a_line_without_one_goes_on() -> None:
    text = "\n- One.\n- Two, which\n  goes on.\n-\n- \n* Three.\n\nFour, on its own.\n"
    assert highlight_blocks(text) == ["One.", "Two, which goes on.", "Three.", "Four, on its own."]


def test_highlights_without_bullets_are_lines() -> None:
    assert highlight_blocks("One.\n-5 degrees.\n\nThree.") == ["One.", "-5 degrees.", "Three."]


def test_a_bullet_may_stand_behind_another() -> None:
    assert highlight_blocks("- • One.\n-  – Two.\n- -5 degrees.") == ["One.", "Two.", "-5 degrees."]


def test_no_text_is_no_blocks() -> None:
    assert content_blocks("\n \n") == []
    assert highlight_blocks("\n-\n") == []
