"""Whether a list of blocks can have come from the upstream cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A literal at the front lets the regular expression engine skip, which a class does not: three
# searches take a third of the time of one. SEAM is no white space, so it ends a block.
_UNCUT = [(mark, re.compile(rf"{re.escape(mark)}\s+[^\s\x01]").search) for mark in ".!?"]
_ENDS = frozenset(".!?")

# The cut leaves no block but the last without its mark. One may yet come from a line break inside
# a paragraph, so it takes this many, and this share, to show a poem, a table or headings.
_UNENDED = 3
_SHARE = 10


def damaged(blocks: Sequence[str], text: str) -> bool:
    """Tell whether nothing shows that `blocks` are whole paragraphs; `text` is their `seam`.

    A block with `.`, `!` or `?` and white space inside cannot come from the cut (README of
    `normalize`, "Evidence"). Where all blocks are single sentences it cannot be told, and the
    answer is yes.
    """
    for mark, search in _UNCUT:
        if mark in text and search(text):
            return False
    # Mostly every block has its mark, and a set tells so in half the time of a count.
    if {block[-1:] for block in blocks[:-1]} <= _ENDS:
        return True
    unended = sum(block[-1:] not in _ENDS for block in blocks[:-1])
    return unended < _UNENDED or unended * _SHARE < len(blocks)
