"""Time grows with the size of a text and not with its square, whatever it is made of."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType

import pytest

from copydesk.parser.rejoin import (
    rejoin_content,
    rejoin_highlights,
    tidy_spacing,
)
from tests.unit.parser.rejoin.damage import damage

HOSTILE = [
    "U.S. ",
    "... ",
    ". ",
    '" ',
    "“ ",
    "” ",
    'that "We. ',
    'that "We. Go." ',
    "said “We. Go.” ",
    "said “A. B. ",
    "Mr. ",
    "J. ",
    "1. 2. ",
    " ,",
    " .",
    "! ",
    "Jan. 20. ",
    ".\n- ",
    "St. ( ",
    "            ",
    "a",
]


def everything(text: str) -> None:
    pieces = damage(text)
    content = rejoin_content(pieces, "en")
    rejoin_content(pieces, "de")
    rejoin_highlights(pieces[-5:], content.blocks, "en", damaged=content.damaged)
    tidy_spacing(text, "en")


def events(work: Callable[[], None]) -> int:
    """Count the calls that `work` makes, into C as well."""
    count = 0

    def note(_frame: FrameType, _event: str, _arg: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


FLOOR = 2e-3
"""Seconds; below the clock's noise a ratio says nothing."""


def seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def is_far_from_square(small: Callable[[], None], eightfold: Callable[[], None]) -> bool:
    """Whether eight times the text takes less than 24 times as long, where its square takes 64.

    Other work on the machine only ever makes a run slower, so that one run will do.
    """
    base = max(FLOOR, min(seconds(small) for _ in range(3)))
    return any(seconds(eightfold) < 24 * base for _ in range(10))


@pytest.mark.parametrize("unit", HOSTILE)
def test_four_times_the_text_makes_four_times_the_calls(unit: str) -> None:
    small = unit * (2_000 // len(unit))
    assert events(lambda: everything(small * 4)) <= 4.2 * events(lambda: everything(small)) + 200


@pytest.mark.parametrize("unit", HOSTILE)
def test_eight_times_the_text_takes_nowhere_near_its_square(unit: str) -> None:
    small = unit * (8_000 // len(unit))
    assert is_far_from_square(lambda: everything(small), lambda: everything(small * 8))


def test_thousands_of_highlights_that_content_does_not_hold_cost_what_they_weigh() -> None:
    """By the characters of CONTENT that are searched, which no count of calls shows."""

    def work(size: int) -> Callable[[], None]:
        content = [f"Sentence {number} of the text ends here." for number in range(size)]
        strange = [f"Phrase {number} stands nowhere." for number in range(size)]
        backwards = [block[9:] for block in reversed(content)]
        return lambda: everything_found(content, strange, backwards)

    assert is_far_from_square(work(1_000), work(8_000))


def everything_found(content: list[str], strange: list[str], backwards: list[str]) -> None:
    assert rejoin_highlights(strange, content, "en").held == 0
    assert rejoin_highlights(content[::-1], content, "en").held == len(content)
    assert rejoin_highlights(backwards, content, "en").held >= 30
