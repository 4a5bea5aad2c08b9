"""Whole well-formed articles pass block for block, whatever stands in them."""

from __future__ import annotations

import pytest

from copydesk.parser.rejoin import rejoin_content

REPORT = [
    "Harbour town votes to keep its ferry",
    "The council of Elder Bay voted to keep the night ferry. Mr. Tolland, who led it, wept.",
    "“We are an island without it,” he said. “You cannot row to a hospital.”",
    "What happens next",
    "The U.S. Coast Guard must approve the plan by Oct. 1. Until then, the boats run as before.",
]
LIST = [
    "Five things to pack:",
    "1. A torch. It gets dark early.",
    "2. Water.",
    "3. A map, because there is no signal on Mt. Corrin.",
    "Leave the rest at home.",
]
POEM = [
    "The tide went out at seven,",
    "the gulls came in at nine;",
    "O Mr. Moon, how high thou art!",
    "how little of thee mine.",
    "",
    "We counted boats till morning,",
    "we counted them in vain",
]
TABLE = [
    "Club  P  W  Pts",
    "Ayr  12  9  27",
    "Moss Vale  12  8  25",
    "St. Orrin  12  3  10",
    "1.",
    "2.",
]
QUOTES = [
    "“I never saw it coming.”",
    "“Nor did I. Nobody did!”",
    "She paused. “Is that Dr. Hale?”",
    "“It is.”",
]
ONE_SENTENCE_EACH = [
    "Storm closes schools across the valley",
    "Schools in the valley were closed on Monday.",
    "“The roads are ice,” said Sheriff Dana Poole.",
    "They may open on Wednesday.",
    "More snow is due",
    "Up to nine inches may fall by night.",
]


@pytest.mark.parametrize("language", ["en", None, "de"])
@pytest.mark.parametrize("article", [REPORT, LIST, POEM, TABLE, QUOTES, ONE_SENTENCE_EACH])
def test_a_well_formed_article_is_unchanged(article: list[str], language: str | None) -> None:
    assert rejoin_content(article, language).blocks == article
