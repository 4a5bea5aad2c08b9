"""What the tests of the repair share: upstream's damage, and texts that stress it."""

from __future__ import annotations

import re

from hypothesis import strategies as st

CUT = re.compile(r"(?<=[.!?])\s+")

_WORDS = (
    "the of ran mayor Paris Monday iPhone Dr. Mr. U.S. U.K. D.C. Jan. 20 20. 7 p.m. a.m. No. St. "
    "Inc. Co. J. K. I. vs. e.g. etc. et al. ... . ! ? ?! Yahoo! Calif. (AP) — “We ” \" ' ’ "
    "said that 1. 2. 3. A. b) Sept. Rep. then-Gov. Ph.D. word. Word. end? he The But It, $5 4.5%. "
    "\x00 \x01 \u200b \u00a0"
).split(" ")


def damage(*paragraphs: str) -> list[str]:
    """Do to an article's paragraphs what upstream does."""
    return CUT.split(" ".join(paragraphs))


def articles() -> st.SearchStrategy[list[str]]:
    """Make damaged articles of the words that the rules are about."""
    words = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=60)
    return words.map(lambda some: damage(" ".join(some)))


def blocks() -> st.SearchStrategy[list[str]]:
    """Make lists of any text at all, blank and broken too."""
    return st.lists(st.text(max_size=30), max_size=12)
