"""The repair of HIGHLIGHTS: each grows into the sentences of CONTENT that it was cut from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from copydesk.parser.rejoin.content import rejoin_content, sentences
from copydesk.parser.rejoin.spacing import tidy_spacing

_MOST_SEARCHES = 64
"""How often CONTENT may be read in search of highlights: it would else be once for each of them.
Highlights in the order of CONTENT take two readings, however many they are."""


@dataclass(frozen=True, slots=True)
class Highlights:
    """Repaired highlights in the order of their first piece.

    `held` counts the pieces that CONTENT holds. `lawful` is False where an output would not have
    contained its input: then `blocks` are those given, and the caller counts it.
    """

    blocks: list[str]
    held: int = 0
    lawful: bool = True


class _Run(NamedTuple):
    """Where in CONTENT, from one character to another, the highlight `order` has its sentences."""

    start: int
    end: int
    order: int


def rejoin_highlights(
    highlights: Sequence[str],
    content: Sequence[str],
    language: str | None,
    *,
    damaged: bool = True,
) -> Highlights:
    """Replace each highlight by the whole sentences of repaired `content` that it is part of.

    Highlights that share a sentence become one, and so do doubles. Those that CONTENT does not
    hold are repaired by themselves. `damaged` is what `rejoin_content` said: the blocks of an
    undamaged article are paragraphs, whose sentences are told by the same rules.
    """
    if not highlights:
        return Highlights([])
    units = content
    if not damaged:
        units = [sentence for block in content for sentence in sentences(block, language)]
    text = " ".join(units)
    search = _Search(text)
    starts = list(accumulate((len(unit) + 1 for unit in units), initial=0))
    runs: list[_Run] = []
    strays: dict[int, list[str]] = {}
    stray = 0
    for order, given in enumerate(highlights):
        tidy = tidy_spacing(given, language)
        piece, place = given, search.find(given)
        if place < 0 and tidy != given:
            piece, place = tidy, search.find(tidy)
        if place < 0:
            strays.setdefault(stray, []).append(tidy)
            continue
        run = _run(starts, place, place + len(piece), order)
        # A slice of CONTENT is a contiguous run of it; what may fail is that it holds its piece.
        if not (run.start <= place and text.startswith(piece, place, run.end)):
            return Highlights(list(highlights), lawful=False)
        runs.append(run)
        stray = order + 1
    placed = {run.order: [text[run.start : run.end]] for run in _merged(runs)}
    for order, pieces in strays.items():
        placed[order] = rejoin_content(pieces, language).blocks
    repaired = [block for order in sorted(placed) for block in placed[order]]
    return Highlights(list(dict.fromkeys(repaired)), held=len(runs))


def _run(starts: Sequence[int], place: int, end: int, order: int) -> _Run:
    """The units, which begin at `starts`, of the characters from `place` to `end`."""
    first = bisect_right(starts, place) - 1
    last = bisect_right(starts, end - 1)
    return _Run(starts[first], starts[last] - 1, order)


class _Search:
    """Finds pieces of a text as whole words, at best right after the last one found."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._after = 0
        self._budget = _MOST_SEARCHES * len(text)

    def find(self, piece: str) -> int:
        """The place of `piece`; -1 where it is not, or too much was searched already."""
        if not piece:
            return -1
        after = self._after
        if not (self._text.startswith(piece, after) and self._whole(after, after + len(piece))):
            after = self._seek(piece, after)
            if after < 0:
                after = self._seek(piece, 0)
        if after >= 0:
            self._after = after + len(piece) + 1
        return after

    def _seek(self, piece: str, start: int) -> int:
        if self._budget <= 0:
            return -1
        place = self._text.find(piece, start)
        while place >= 0 and not self._whole(place, place + len(piece)):
            place = self._text.find(piece, place + len(piece))
        self._budget -= (place if place >= 0 else len(self._text)) - start
        return place

    def _whole(self, start: int, end: int) -> bool:
        """Whether no word is cut at `start` or `end`."""
        text = self._text
        return (start == 0 or text[start - 1].isspace()) and (
            end == len(text) or text[end].isspace()
        )


def _merged(runs: Sequence[_Run]) -> list[_Run]:
    """Merge the runs that share a sentence, at the place of the first."""
    merged: list[_Run] = []
    for run in sorted(runs):
        if merged and run.start < merged[-1].end:
            former = merged.pop()
            merged.append(
                _Run(former.start, max(former.end, run.end), min(former.order, run.order))
            )
        else:
            merged.append(run)
    return merged
