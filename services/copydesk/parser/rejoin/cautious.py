"""The rules for any language: a small letter after what can only be a shortened word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from copydesk.parser.rejoin.gap import gap_at
from copydesk.parser.rejoin.verdict import PLAIN, Verdict
from copydesk.parser.rejoin.words.foreign import FOREIGN

# A letter or letters with full stops: `z. B.`, `p.ej.`, `т.д.`
_LETTERS = re.compile(r"(?:[^\W\d_]{1,4}\.)*[^\W\d_]\.|(?:[^\W\d_]{1,4}\.){2,}")
_ENDS = frozenset(".!?")


def judge_all(blocks: Sequence[str]) -> list[tuple[int, Verdict]]:
    """Return the index and verdict of each suspect boundary, in order; the others are plain."""
    verdicts = []
    for index, (left, right) in enumerate(pairwise(blocks)):
        if right[:1].islower() and left[-1:] in _ENDS:
            gap = gap_at(blocks, index, index)
            if gap.side == "lower":
                verdicts.append((index, _judge(gap.word)))
    return verdicts


def _judge(word: str) -> Verdict:
    """Judge the last word before a small letter."""
    if word.endswith("..") or word == ".":
        return Verdict(join=True, rule="ellipsis")
    if word[-1:] != ".":
        return Verdict(join=True, rule="lower_case")
    if _LETTERS.fullmatch(word):
        return Verdict(join=True, rule="acronym")
    if word[:-1].lower() in FOREIGN:
        return Verdict(join=True, rule="abbreviation")
    return PLAIN
