"""The rules for English: which boundaries are suspect, and which judge each is brought before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress, count

from copydesk.parser.rejoin.embedded import embedded_boundaries
from copydesk.parser.rejoin.gap import STEPS, Gap, gap_at
from copydesk.parser.rejoin.letters import initial, letters
from copydesk.parser.rejoin.lexicon import JUDGES, LONG_WORDS
from copydesk.parser.rejoin.marks import (
    Numbering,
    detached,
    ellipsis,
    enumerated,
    exclamation,
    inline,
    marker,
)
from copydesk.parser.rejoin.seams import seam, without_seams
from copydesk.parser.rejoin.verdict import PLAIN, Verdict

# Three of four boundaries stand between an ordinary word and a capital, and this line is the time
# that they take: at each seam it takes in nothing more, or the first character of a suspect. The
# two characters before the last four keep `Capt.` and `Calif.` from looking ordinary.
_SEAMS = re.compile(
    r"\x01(?:(?!\" )[A-Z“‘\"](?<=[^A-Z]{2}[0-9a-z]{4}[.!?]\x01.)"
    + "".join(rf"(?<!{re.escape(word)}\x01.)" for word in LONG_WORDS)
    + r"|([^\x01]))?"
)

_QUOTATION = Verdict(join=True, rule="quotation")
_SMALL_LETTER = re.compile(r"\(?[a-z]\.[,;:)]?")
_LETTERS = re.compile(r"(?:[^\W\d_]{1,4}\.){2,}|[A-Z]\.-[A-Z]\.|(?:[A-Z]\.)+&(?:[A-Z]\.)+")
_VOWEL = re.compile(r"[aeiouyAEIOUY]")
_ENDS = frozenset(".!?")
# What opens most sentences; anything else is worth a closer look.
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ“‘")
# A word that these close is a figure, a bracket or a quotation, and not a shortened word.
_CLOSED = frozenset("0123456789%)]”’\"'")
# A text with more suspects than articles have may be one thing over and over.
_MANY = 32
# Which of the pieces the boundary comes after, and the pieces.
_Context = tuple[int, tuple[str, ...]]
_SHORTEST_CLOSED = 4  # `B2.` and `10.` may yet be a label's or a list's


def judge_all(blocks: Sequence[str], text: str) -> list[tuple[int, Verdict]]:
    """Return the index and verdict of each suspect boundary, in order; the others are plain.

    `text` is `seams.seam(blocks)`.
    """
    seams = _SEAMS.findall(text)
    if len(seams) >= max(1, len(blocks)):
        clean = without_seams(blocks)
        return judge_all(clean, seam(clean))
    verdicts: list[tuple[int, Verdict]] = []
    embedded = embedded_boundaries(text)
    judged: dict[_Context, Verdict] = {}
    numbering: Numbering | None = None
    start = ended = 0
    for index in compress(count(), seams):
        if _ordinary(blocks[index], blocks[index + 1]):
            continue
        if index != ended:
            start = index
        if len(verdicts) < _MANY:
            verdict = judge(gap_at(blocks, index, start))
        else:
            verdict = _judge_once(judged, blocks, index, start)
        if verdict is PLAIN and blocks[index][-2:-1].isdigit():
            numbering = numbering or Numbering(blocks)
            verdict = numbering.judge(gap_at(blocks, index, start), index)
        if verdict.join:
            ended = index + 1
        verdicts.append((index, verdict))
    if embedded:
        verdicts += [(index, _QUOTATION) for index in embedded.difference(dict(verdicts))]
        verdicts.sort()
    return verdicts


def _judge_once(
    judged: dict[_Context, Verdict], blocks: Sequence[str], index: int, start: int
) -> Verdict:
    """Judge a boundary, or remember the verdict on one with the same text around it."""
    # All that a verdict depends on.
    first = max(start, index - STEPS)
    context = (index - first, tuple(blocks[first : index + 2 + STEPS]))
    verdict = judged.get(context)
    if verdict is None:
        verdict = judged[context] = judge(gap_at(blocks, index, start))
    return verdict


def _ordinary(left: str, right: str) -> bool:
    """Whether a suspect is plain at the second look, or no boundary that the cut can have made."""
    if left[-1:] not in _ENDS:
        return True
    first = right[:1]
    if first not in _CAPITALS and (first != '"' or right[1:2] == " "):
        return not right or right.isspace()
    word = left[left.rfind(" ") + 1 :]
    if word in JUDGES:
        return False
    if word[-2:-1] in _CLOSED:
        return len(word) >= _SHORTEST_CLOSED
    return word[:-1].isalpha() and len(word) > len("J.")


def judge(gap: Gap) -> Verdict:
    """Judge one boundary between two pieces of a sentence or two sentences."""
    # A piece of more than one word is no marker; that saves most of the calls.
    decided = marker(gap) if len(gap.raw) == len(gap.blocks[gap.at]) else None
    if gap.side != "upper":
        decided = decided or detached(gap) or enumerated(gap)
    if gap.word[-2:-1].isdigit():
        decided = decided or inline(gap)
    if decided:
        return decided
    by_word = JUDGES.get(gap.word)
    if by_word:
        return by_word(gap)
    if gap.word.endswith("..") or gap.word == ".":
        return ellipsis(gap)
    if gap.word[-1:] != ".":
        return exclamation(gap)
    if len(gap.word) == len("J.") and gap.word[0].isupper():
        return initial(gap)
    if "." in gap.word[:-1] and _LETTERS.fullmatch(gap.word):
        return letters(gap)
    return _unknown(gap)


def _unknown(gap: Gap) -> Verdict:
    """Take a word for shortened only if it is not spelt like one and a small letter follows."""
    if gap.side != "lower":
        return PLAIN
    core = gap.word[:-1]
    # `Ae. aegypti`: a genus is cut to one or two letters.
    genus = core.istitle() and len(core) == len("Ae")
    # `9 a. m.`
    letter = len(core) == 1 and any(map(_SMALL_LETTER.fullmatch, (gap.head, gap.previous)))
    short = core.isalpha() and (core.isupper() or genus or letter or not _VOWEL.search(core))
    return Verdict(join=True, rule="lower_case") if short else PLAIN
