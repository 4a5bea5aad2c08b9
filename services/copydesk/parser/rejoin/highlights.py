"""The repair of HIGHLIGHTS: each grows into the sentences of CONTENT that it was cut from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from copydesk.parser.rejoin.content import rejoin_content, sentences
from copydesk.parser.rejoin.spacing import tidy_pieces, tidy_spacing

_MOST_SEARCHES = 64
"""How often CONTENT may be read in search of highlights: it would else be once for each of them.
Highlights in the order of CONTENT take two readings, however many they are."""


@dataclass(frozen=True, slots=True)
class Highlights:
    """Repaired highlights in the order of their first piece.

    `held` counts the pieces that CONTENT holds; `strays` are the others, neighbours together.
    `lawful` is False where an output would not have contained its input: then `blocks` are those
    given, and the caller counts it.
    """

    blocks: list[str]
    held: int = 0
    strays: Sequence[Sequence[str]] = ()
    lawful: bool = True


class _Run(NamedTuple):
    """From which sentence of CONTENT to before which the highlight `order` is a part of."""

    first: int
    after: int
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
    search = _Search(units)
    runs: list[_Run] = []
    strays: dict[int, list[str]] = {}
    stray = 0
    for order, given in enumerate(highlights):
        following = highlights[order + 1] if order + 1 < len(highlights) else ""
        piece, place = given, search.find(given, following)
        if place < 0:
            piece = tidy_spacing(given, language)
            place = search.find(piece, following) if piece != given else place
        if place < 0:
            strays.setdefault(stray, []).append(piece)
            continue
        first, after = search.units(place, place + len(piece))
        # What the output will hold is checked, and not how it was found.
        if not search.holds(piece, place, first, after):
            return Highlights(list(highlights), lawful=False)
        runs.append(_Run(first, after, order))
        stray = order + 1
    placed: dict[int, list[str]] = {}
    for run in _merged(runs):
        placed[run.order] = [" ".join(units[run.first : run.after])]
    for order, pieces in strays.items():
        placed[order] = tidy_pieces(rejoin_content(pieces, language).blocks, language)
    repaired = list(dict.fromkeys(block for order in sorted(placed) for block in placed[order]))
    return Highlights(repaired, held=len(runs), strays=list(strays.values()))


class _Search:
    """Finds pieces of CONTENT, whole words of it, at best right after the last one found."""

    def __init__(self, units: Sequence[str]) -> None:
        self._text = " ".join(units)
        self._starts = list(accumulate([len(unit) + 1 for unit in units], initial=0))
        self._whole = dict(zip(units, self._starts, strict=False))
        self._after = 0
        self._budget = _MOST_SEARCHES * len(self._text)

    def find(self, piece: str, following: str) -> int:
        """The place of `piece`, where `following` goes on if it can; -1 where there is none.

        Also -1 where too much was searched already.
        """
        if not piece:
            return -1
        place = self._whole.get(piece, -1)
        if place < 0:
            if self._after and self._stands(piece, self._after):
                place = self._after
            else:
                place = self._seek(f"{piece} {following}") if following else -1
                place = place if place >= 0 else self._seek(piece)
        if place >= 0:
            self._after = place + len(piece) + 1
        return place

    def units(self, start: int, end: int) -> tuple[int, int]:
        """From which unit to before which the characters from `start` to `end` stand."""
        return bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1)

    def holds(self, piece: str, place: int, first: int, after: int) -> bool:
        """Whether `piece` is at `place` and inside the units from `first` to before `after`."""
        inside = self._starts[first] <= place and place + len(piece) < self._starts[after]
        return inside and self._text.startswith(piece, place)

    def _seek(self, piece: str) -> int:
        """Look on from the last place, and then from the start."""
        place = self._seek_from(self._after, piece)
        return place if place >= 0 or not self._after else self._seek_from(0, piece)

    def _seek_from(self, start: int, piece: str) -> int:
        if self._budget <= 0:
            return -1
        place = self._text.find(piece, start)
        while place >= 0 and not self._stands(piece, place):
            place = self._text.find(piece, place + len(piece))
        self._budget -= (place if place >= 0 else len(self._text)) - start
        return place

    def _stands(self, piece: str, place: int) -> bool:
        """Whether `piece` is at `place`, and cuts no word."""
        text, end = self._text, place + len(piece)
        return (
            text.startswith(piece, place)
            and not (place and text[place - 1].isalnum() and piece[0].isalnum())
            and not (end < len(text) and text[end].isalnum() and piece[-1].isalnum())
        )


def _merged(runs: Sequence[_Run]) -> list[_Run]:
    """Merge the runs that share a sentence, at the place of the first."""
    merged: list[_Run] = []
    for run in sorted(runs):
        if merged and run.first < merged[-1].after:
            last = merged.pop()
            merged.append(_Run(last.first, max(last.after, run.after), min(last.order, run.order)))
        else:
            merged.append(run)
    return merged
