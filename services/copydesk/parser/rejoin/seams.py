"""Blocks as one text, so that one search sees all their boundaries."""

from __future__ import annotations

from collections.abc import Sequence

# No white space, and in no article; it stands where one block ends and the next begins. Not NUL:
# that is half of every character of a text with curly quotes, and so is slow to look for.
SEAM = "\x01"
_STAND_IN = "\x02"


def seam(blocks: Sequence[str]) -> str:
    """Join `blocks` so that the n-th SEAM is the n-th boundary, if there is none in the blocks."""
    return SEAM.join(blocks)


def without_seams(blocks: Sequence[str]) -> list[str]:
    """Give `blocks` that hold a SEAM another character for it."""
    return [block.replace(SEAM, _STAND_IN) for block in blocks]
