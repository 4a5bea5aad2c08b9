"""The rules for any language: what cannot begin a sentence, after what need not end one.

That is a small letter after a shortened word or an ordinal, and a closing mark that stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from copydesk.parser.rejoin.gap import gap_at, last_word
from copydesk.parser.rejoin.verdict import PLAIN, Verdict
from copydesk.parser.rejoin.words.foreign import FOREIGN

# A letter or letters with full stops: `z. B.`, `p.ej.`, `т.д.`
_LETTERS = re.compile(r"(?:[^\W\d_]{1,4}\.)*[^\W\d_]\.|(?:[^\W\d_]{1,4}\.){2,}")
# Spanish doubles the letters of a plural: `EE. UU.`, `FF. AA.`
_PLURAL = re.compile(r"([A-Z])\1\.")
_ORDINAL = re.compile(r"(?:\d{1,4}|[IVXLC]+)\.")
# No word is all consonants: `vgl.`, `mln.`, `grn.`, `тт.`
_CONSONANTS = re.compile(r"[b-df-hj-np-tv-xzßçćčďłńňřśšťźżžбвгґджзйклмнпрстфхцчшщ]{2,}")
# `l’art.`, `dell’ing.`
_ELIDED = re.compile(r"^[^\W\d_]+['’]")
# French sets a blank before it, so that the cut parts it from its sentence. German opens with »
# and Swedish with ”, but sets no blank after it.
_CLOSING = re.compile(r"[»”’)\]](?=[\s,;:]|\.?$)")
_ENDS = frozenset(".!?")
_MARKS = frozenset("»”’)]")


def judge_all(blocks: Sequence[str]) -> list[tuple[int, Verdict]]:
    """Return the index and verdict of each suspect boundary, in order; the others are plain."""
    verdicts = []
    for index, (left, right) in enumerate(pairwise(blocks)):
        first = right[:1]
        if left[-1:] not in _ENDS:
            continue
        if first.islower():
            gap = gap_at(blocks, index, index)
            if gap.side == "lower":
                verdicts.append((index, _judge(gap.word)))
        elif first in _MARKS and _CLOSING.match(right):
            verdicts.append((index, Verdict(join=True, rule="detached")))
        elif right[1:2] == first and _PLURAL.match(right) and _PLURAL.fullmatch(last_word(left)):
            verdicts.append((index, Verdict(join=True, rule="acronym")))
    return verdicts


def _judge(word: str) -> Verdict:
    """Judge the last word before a small letter."""
    if word.endswith("..") or word == ".":
        return Verdict(join=True, rule="ellipsis")
    if word[-1:] != ".":
        return Verdict(join=True, rule="lower_case")
    if _ORDINAL.fullmatch(word):
        return Verdict(join=True, rule="number")
    if _LETTERS.fullmatch(word) or _PLURAL.fullmatch(word):
        return Verdict(join=True, rule="acronym")
    core = _ELIDED.sub("", word[:-1]).lower()
    if core in FOREIGN or _CONSONANTS.fullmatch(core):
        return Verdict(join=True, rule="abbreviation")
    return PLAIN
