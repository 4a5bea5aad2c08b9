"""Quotations that are the object of their verb, and so end the sentence only where they close."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copydesk.parser.rejoin.seams import SEAM

# `said "All…. …"` with a capital but no comma: one boundary inside, between SEAMs. What opens with
# a small letter is a part of the clause before it, and ends with its own first sentence. Straight
# and curly marks apart, each pattern led by its mark, which the engine then skips to.
_EMBEDDED = {
    '"': re.compile(r'"(?<=\b(?:that|said|says) ")[A-Z][^"\x01]*\x01[^"\x01]*[\w.]"'),
    "“": re.compile(r"“(?<=\b(?:that|said|says) “)[A-Z][^“”\x01]*\x01[^“”\x01]*[\w.]”"),
}
_NOWHERE: frozenset[int] = frozenset()


def embedded_boundaries(text: str) -> frozenset[int]:
    """Return the indexes of the boundaries of `text` inside such quotations of two sentences."""
    found = sorted(
        text.index(SEAM, match.start())
        for mark, pattern in _EMBEDDED.items()
        if mark in text
        for match in pattern.finditer(text)
    )
    return frozenset(_indexes(text, found)) if found else _NOWHERE


def _indexes(text: str, places: list[int]) -> Iterator[int]:
    """Yield the indexes of the boundaries at `places`, which rise."""
    index = before = 0
    for place in places:
        index += text.count(SEAM, before, place)
        before = place
        yield index
