"""The repair of news text that a naive sentence splitter damaged.

Pure functions: `rejoin_content` joins what the splitter cut, `rejoin_highlights` grows each
highlight into whole sentences of the repaired content, `sentences` tells those of running text by
the same rules, `tidy_spacing` closes up stray white space and `explain` shows why. Each
proves its law on what it returns, and gives back what it was given where the law does not hold.
"""

from __future__ import annotations

from copydesk.parser.rejoin.content import (
    REACH,
    Boundary,
    Rejoined,
    cut,
    explain,
    rejoin_content,
    sentences,
)
from copydesk.parser.rejoin.highlights import Highlights, rejoin_highlights
from copydesk.parser.rejoin.spacing import has_strays, tidy_pieces, tidy_spacing
from copydesk.parser.rejoin.verdict import Rule

__all__ = [
    "REACH",
    "Boundary",
    "Highlights",
    "Rejoined",
    "Rule",
    "cut",
    "explain",
    "has_strays",
    "rejoin_content",
    "rejoin_highlights",
    "sentences",
    "tidy_pieces",
    "tidy_spacing",
]
