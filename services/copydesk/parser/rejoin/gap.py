"""One boundary, as the rules see it: the words around it, taken apart once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from copydesk.parser.rejoin.words.lowercase import LOWERCASE_NAMES
from copydesk.parser.rejoin.words.openers import OPENERS, STRICT_OPENERS, WEAK_OPENERS

# Characters and pieces of context: a run of a thousand joined pieces costs a thousand times one.
REACH = 60
STEPS = 3
# Characters of an item's number with its full stop: lists of news have fewer than a hundred.
_ITEM = 3

# So many dashes are a rule across the page.
_RULE = re.compile(r"[-–_]{5,}|—{3,}")

# Who types quotes by hand opens them with ” as well.
_OPENING = "([{\"'“‘”«„<*_—–#-`•"
_TRAILING = ",:;.!?"
_LINKS = re.compile(r"https?:|www\.|pic\.twitter|[@#]|\S+\.(?:com|org|net|co|io)\b", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[A-Z]\.-?)+(?:$|[A-Z,;:)’'])")
_INITIAL = re.compile(r" [A-Z]\.")
_HYPHENATED = re.compile(r"[A-Z]\.-[A-Z]\.")
# What stands before the last word in `then-Rep.`, `a man—Mr.`, `Mr./Mrs.`; not in a link or `9/11.`
_PREFIX = re.compile(r".*(?:-|[—–](?!\d)|(?:\.|(?<![\w.])[^\W\d]+)/(?!\d))(?=.)")
_PREFIXING = frozenset("-—–/")
# `Leaving a meeting`, but `Housing and Urban Development`
_PARTICIPLE = re.compile(
    r"[A-Z][a-z]+ing (?:from|in|an?|the|his|her|its|their|that|to|by|into|at|with|on) "
)
# `SEE ALSO:`, `AYR, N.Y.`, `AYR, Ohio (AP) —`, `AYR — It`
_DATELINE = re.compile(
    r"[A-Z]{3,}(?: [A-Z]{3,})*"
    r"(?::|, [A-Z]\w*\.|(?:, [A-Z]\w*)? (?:\([^()]+\) ?[—–_-]|[—–_-]+ [A-Z“\"]))"
)
# `iPhone`, `eBay`, `my6sense`, `d.light`: a capital, digit or point inside a small-letter word.
_BRAND = re.compile(r"[a-z]+[A-Z0-9]|[a-z]+\.[a-z]")


Side = Literal["lower", "namelike", "upper", "digit", "marker", "quote", "bracket", "dash", "other"]
"""What the right side of a boundary begins with."""


class Gap(NamedTuple):
    """The boundary after `blocks[at]`, whose sentence began with `blocks[start]`.

    `raw` is all that follows the last white space on the left, `word` what is left of it without
    opening marks and what a hyphen put before it; `head` is the first word of `right`.
    """

    blocks: Sequence[str]
    at: int
    start: int
    raw: str
    word: str
    right: str
    head: str
    side: Side

    @property
    def before(self) -> str:
        """The end of what stands before the last word in its sentence."""
        left = self.blocks[self.at]
        end = len(left) - len(self.raw)
        before = left[max(0, end - REACH) : end]
        step = self.at
        while len(before) < REACH and step > max(self.start, self.at - STEPS):
            step -= 1
            before = f"{self.blocks[step][-REACH:]} {before}"
        return before

    @property
    def ahead(self) -> str:
        """What follows, across the cuts that initials have caused in it."""
        ahead = self.right[:REACH]
        for step in range(self.at + 2, min(self.at + 2 + STEPS, len(self.blocks))):
            if not _INITIAL.fullmatch(ahead[-len(" J.") :]):
                break
            ahead = f"{ahead} {self.blocks[step][:REACH]}"
        return ahead[:REACH]

    @property
    def previous(self) -> str:
        """The word before the last one; empty at the start of a sentence."""
        words = self.before.rsplit(None, 1)
        return words[-1] if words else ""

    @property
    def alone(self) -> bool:
        """The last word is all there is of its sentence so far."""
        return (
            self.at == self.start
            and len(self.raw) == len(self.blocks[self.at])
            and self.raw.endswith(self.word)
            and not self.prefixed
        )

    @property
    def prefixed(self) -> bool:
        """Something is put before the word: `R-Calif.`, `then-Gov.`, `Mr./Mrs.`."""
        return self.raw[-len(self.word) - 1 : -len(self.word)] in _PREFIXING

    @property
    def second(self) -> str:
        """The second word on the right."""
        words = self.right[: len(self.head) + REACH].split(None, 2)
        return words[1] if len(words) > 1 else ""

    @property
    def names(self) -> bool:
        """The right side can begin with a person's name: any capital but a function word's."""
        return self.side == "upper" and (
            self.head.rstrip(_TRAILING) not in STRICT_OPENERS or bool(_INITIALS.match(self.head))
        )

    @property
    def common(self) -> bool:
        """The capital on the right side is a sentence's: inside one the word has a small letter."""
        bare = self.head.rstrip(_TRAILING)
        if "-" in bare:
            # `Nine-in-ten voters`, but `the U.S. All-Star team`
            first, _, rest = bare.partition("-")
            return first in OPENERS and rest[:1].islower()
        if bare in WEAK_OPENERS:
            # `U.S. News & World Report`
            return not self.second[:1].isupper() and self.second != "&"
        return bare in OPENERS and not _INITIALS.match(self.head)

    @property
    def proper(self) -> bool:
        """The right side begins with a proper name, not with a label, dateline or participle."""
        if self.side != "upper" or self.common or self.head.endswith(":"):
            return False
        opening = _DATELINE if self.head[1:2].isupper() else _PARTICIPLE
        return not opening.match(self.right)


def side_of(right: str, head: str) -> Side:
    """Tell what `right` begins with; `head` is its first word."""
    first = head[0]
    if first.isupper():
        return "upper"
    if first.islower():
        return _small(head)
    if first.isdigit():
        bare = head == right and head[-1] == "." and head[:-1].isdigit() and len(head) <= _ITEM
        return "marker" if bare else "digit"
    if first in "“‘\"'«„":
        return "lower" if head[1:2].islower() else "quote"
    if first in "([":
        return "bracket"
    # News agencies set a dash as `_`; in front of a word that is emphasis.
    if first in "—–―-/&" or head == "_":
        return "other" if _RULE.fullmatch(head) else "dash"
    return "other"


def _small(head: str) -> Side:
    """Tell a word with a small letter from a link and from a name that begins so."""
    core = head.rstrip(_TRAILING)
    if core.isalpha() and core.islower():
        return "namelike" if core in LOWERCASE_NAMES else "lower"
    if _LINKS.match(head):
        return "other"
    return "namelike" if _BRAND.match(core) else "lower"


def last_word(piece: str) -> str:
    """Return what follows the last white space of `piece`, without opening marks."""
    return piece[piece.rfind(" ") + 1 :].lstrip(_OPENING)


def gap_at(blocks: Sequence[str], index: int, start: int) -> Gap:
    """Describe the boundary after `blocks[index]`, whose sentence began with `blocks[start]`."""
    right = blocks[index + 1]
    raw = blocks[index][-REACH:].rsplit(None, 1)[-1]
    word = raw.lstrip(_OPENING)
    if ("-" in word or "/" in word or not word.isascii()) and not _HYPHENATED.fullmatch(word):
        prefix = _PREFIX.match(word)
        word = word[prefix.end() :] if prefix else word
    head = right[:REACH].split(None, 1)[0]
    return Gap(blocks, index, start, raw, word, right, head, side_of(right, head))
