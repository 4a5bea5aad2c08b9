"""Judges of a boundary that punctuation decides: ellipses, `!` and `?`, detached marks, lists."""

from __future__ import annotations

import re
from collections.abc import Sequence

from copydesk.parser.rejoin.continuation import goes_on
from copydesk.parser.rejoin.gap import REACH, Gap, last_word
from copydesk.parser.rejoin.lexicon import JUDGES
from copydesk.parser.rejoin.verdict import PLAIN, Verdict

# No sentence begins with these; a straight quote closes one when a small letter follows it.
_DETACHED = re.compile(
    r"[.!?…]+(?:$|[”\"](?:\s|$))|[,;:](?!\w)|[)\]](?!\w)"
    # A `”` before a word or an ellipsis is meant to open, and `»` before a capital is a bullet.
    r"|”(?![\w\[]|’\w|\s*…)|’(?!\w)|»(?!\w|\s[A-Z])|[\"']\s+[a-z(—–-]|[\"']$"
)
_MARKER = re.compile(r"\(?(?:\d{1,2}|[A-Za-z]|[ivx]{2,4})\.")
_CLOSING = frozenset(".!?…”\"’')")
_MARKS = ".!?…"
_ENDS = frozenset(".!?")
# Subjects of a clause of their own, unless it says who asked.
_SUBJECTS = frozenset("the this these those every i it we you he she they".split())
_SPEECH = re.compile(r"\b(?:asked|asks|said|says|wrote|writes|wondered|shouted|yelled|thought)\b")
_SEPARATOR = re.compile(r"[,;:]\s")
_SHORTEST_WORD = 5  # shorter ones with a full stop may be abbreviations that no list has
# `$6. ¦ 3 million`: white space came into a decimal.
_WHOLE = re.compile(r"[$£€]?\d{1,3}\.")
_TORN = re.compile(r"\d{1,3} (?:percent|per cent|million|billion|trillion)\b")
_ITEM = re.compile(r"(?!\(c\) [A-Z])\(?[b-z]\)\s")
_NUMBERED = re.compile(r"\d{1,2}\.")


def detached(gap: Gap) -> Verdict | None:
    """Join punctuation that belongs to the left side; None where there is none."""
    if not _DETACHED.match(gap.right):
        return None
    if not gap.right.strip(_MARKS):
        return Verdict(not _mentions(gap), "ellipsis")
    if _SEPARATOR.match(gap.right) and _finished(gap.word):
        return PLAIN
    return Verdict(join=True, rule="detached")


def _mentions(gap: Gap) -> bool:
    """Whether `.` begins a posting that is for more than the one it names: `. @ann is right`."""
    after = gap.blocks[gap.at + 2 : gap.at + 3]
    return gap.right == "." and bool(after) and after[0].startswith("@")


def _finished(word: str) -> bool:
    """Whether a sentence ends here, so that what a `:` stood after has been lost."""
    spelt = word[-1:] == "." and word[:-1].isalnum() and len(word) >= _SHORTEST_WORD
    return spelt and word not in JUDGES


def ellipsis(gap: Gap) -> Verdict:
    """`...`: inside a sentence before a small letter; by itself it stands for words left out."""
    if gap.word == "." and gap.right[0] == "@":
        return Verdict(join=True, rule="ellipsis")
    omission = gap.word == "..." and (gap.alone or gap.before[-2:-1] in _ENDS)
    aside = gap.side == "bracket" and gap.right[1:2].islower()
    # What is left out before a quotation was the end of the one before.
    return Verdict((omission and gap.side != "quote") or gap.side == "lower" or aside, "ellipsis")


def exclamation(gap: Gap) -> Verdict:
    """`!`, `?`: inside a sentence where it goes on in a small letter."""
    # Who begins without a capital does so in the next sentence, too.
    if gap.blocks[gap.start][:1].islower():
        return PLAIN
    # `Why me? he asked.`, but `It is in! they cried no more.`
    if gap.head in _SUBJECTS and not _SPEECH.search(gap.right[:REACH]):
        return PLAIN
    aside = gap.side == "dash" and gap.second[:1].islower() and goes_on(gap)
    return Verdict(join=True, rule="lower_case") if gap.side == "lower" or aside else PLAIN


def marker(gap: Gap) -> Verdict | None:
    """Join `1.` or `A.` that is all there is of its sentence to what it numbers."""
    if not gap.alone or not _MARKER.fullmatch(gap.word):
        return None
    return Verdict(gap.side != "marker", "list")


def enumerated(gap: Gap) -> Verdict | None:
    """Join `b)`, no copyright: items with small letters are parts of what opened the list."""
    item = ")" in gap.right[:3] and _ITEM.match(gap.right)
    return Verdict(join=True, rule="list") if item else None


def inline(gap: Gap) -> Verdict | None:
    """Join `The best: 1. Ayr, 2. Elgin`, a count in its own sentence, and a torn decimal."""
    if gap.side == "digit" and _WHOLE.fullmatch(gap.word) and _TORN.match(gap.right):
        return Verdict(join=True, rule="number")
    if not _NUMBERED.fullmatch(gap.word) or gap.side not in ("upper", "lower"):
        return None
    number, previous = int(gap.word[:-1]), gap.previous[-1:]
    first = number == 1 and previous == ":"
    further = previous == ";" or (previous == "," and f" {number - 1}. " in gap.before)
    return Verdict(join=True, rule="list") if first or further else None


def _shortened(word: str) -> bool:
    return word in JUDGES or word.find(".") < len(word) - 1


class Numbering:
    """The numbers that stand alone as pieces of one article, found when first asked for."""

    def __init__(self, blocks: Sequence[str]) -> None:
        """Remember where to look; most articles are never asked."""
        self._blocks = blocks
        self._places: dict[int, int] | None = None

    def _found(self) -> dict[int, int]:
        if self._places is None:
            self._places = {}
            before = ""
            for index, block in enumerate(self._blocks):
                # A bare number after a shortened word is a date's or a page's, not a list's.
                if _NUMBERED.fullmatch(block) and not _shortened(last_word(before)):
                    self._places.setdefault(int(block[:-1]), index)
                before = block
        return self._places

    def judge(self, gap: Gap, index: int) -> Verdict:
        """Join a number at the end of a heading or an item to the item that it numbers."""
        return Verdict(join=True, rule="list") if self._lacks(gap, index) else PLAIN

    def _lacks(self, gap: Gap, index: int) -> bool:
        """Whether the piece ends in the one number that the list lacks here."""
        if gap.side == "marker" or not _NUMBERED.fullmatch(gap.word):
            return False
        number, places = int(gap.word[:-1]), self._found()
        if number in places:
            return False
        follows = places.get(number - 1, index) < index
        leads = places.get(number + 1, -1) > index
        # One neighbour is enough where the words before the number are a finished sentence.
        ended = gap.before.rstrip()[-1:] in _CLOSING
        if (leads and (follows or number == 1)) or (follows and ended):
            places[number] = index
            return True
        return False
