"""Spacing: closed up before commas and full stops and inside curly quotes, else left alone."""

from __future__ import annotations

import pytest

from copydesk.parser.rejoin import tidy_spacing


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("the officers , just a few", "the officers, just a few"),
        ("the recess .", "the recess."),
        ("the recess . It ended.", "the recess. It ended."),
        ("“ so be it ” he said", "“so be it” he said"),
        ("“ so be it. ”", "“so be it.”"),
        ("the “ vote ” , he said", "the “vote”, he said"),
    ],
)
def test_stray_white_space_is_closed_up(text: str, tidy: str) -> None:
    assert tidy_spacing(text, "en") == tidy


@pytest.mark.parametrize(
    "text",
    [
        "Soup : 4.50",
        "He paused . . . then left",
        "It rose .5 per cent",
        "the .com boom and .NET",
        "the ’90s and rock ’n’ roll",
        'He said "yes" , once'.replace(" ,", ","),
        "wait ... what",
        "Was it so ? Yes !",
    ],
)
def test_the_rest_is_left_alone(text: str) -> None:
    assert tidy_spacing(text, "en") == text


def test_quotes_of_other_languages_are_left_alone() -> None:
    assert tidy_spacing("Hon sade ”hej” och gick", "sv") == "Hon sade ”hej” och gick"
    assert tidy_spacing("« Oui » , dit-elle", "fr") == "« Oui », dit-elle"
