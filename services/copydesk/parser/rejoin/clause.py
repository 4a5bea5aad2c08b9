"""Whether a subject and its verb follow a phrase that can end a sentence, as `in the U.S.` can."""

from __future__ import annotations

import re

from copydesk.parser.rejoin.gap import Gap
from copydesk.parser.rejoin.words.companies import COMPANIES
from copydesk.parser.rejoin.words.openers import BODIES, COUNTRY_NAMES, INSTITUTIONS, VERBS
from copydesk.parser.rejoin.words.titles import POLITICAL

_PLACING = frozenset(
    """
    in from to across outside inside throughout into within around leave leaves leaving left
    enter enters entering entered reach reaches reaching reached visit visits visiting visited
    tour tours touring toured
    """.split()
)
# After other words the country goes with the noun that follows.
_PARTING = _PLACING | frozenset("with by than and at".split())
_PREPOSITIONS = _PARTING | frozenset(["of", "for"])
_PARTS = frozenset("northeast northwest southeast southwest continental mainland entire".split())
# `Ann Poe, 34, was`, `Ann Poe, who is`, `Ann B. Poe, whatever she is`
_AGED = re.compile(r"[A-Z][\w’'-]+ (?:[A-Z][\w’'-]+, (?:\d\d,|who )|[A-Z]\. [A-Z][\w’'-]+, )")
# `Ann Poe, a dentist,`
_APPOSED = re.compile(
    r"[A-Z][\w’'-]+ [A-Z][\w’'-]+, (?:an?|the|one|its|which|whose|president|chairman|chief|vice"
    r"|senior|executive|managing|director|head) "
)
# `Lind spokesman Dale Poe said`
_ROLE = re.compile(
    r"(?:[A-Z][\w.’'-]* ){1,4}(?!of|and|for|in)[a-z]+ [A-Z][\w’'-]+ (?:[A-Z]\. )?[A-Z][\w’'-]+,? "
)
# `Poe’s son`, `Ann Poe’s son`
_POSSESSIVE = re.compile(r"(?:[A-Z][\w-]+ ){0,3}[A-Z][\w-]+['’]s ")
# `Ann Poe met`, `Poe & Ames Inc. makes`
_NAMES = re.compile(r"((?:[A-Z&][\w.’'-]*,? (?:of |and )?){2,5})([a-z]\S*|$)")
_CUT = COMPANIES | frozenset(POLITICAL)
_CASE = re.compile(r"['’]s?$")
_CLOSING = ',.;:!?)”"'


def new_clause(gap: Gap) -> bool:
    """Whether the right side begins a clause, and the left side ends in a whole phrase."""
    preposition = _preposition(gap)
    if preposition not in _PREPOSITIONS:
        return False
    head = gap.head.rstrip(_CLOSING)
    name = _CASE.sub("", head)
    if name in INSTITUTIONS:
        return False
    owner = name != head
    country = name in COUNTRY_NAMES and (owner or preposition in _PARTING)
    if country or gap.head.endswith(",") or _AGED.match(gap.ahead):
        return True
    return _verb(gap.second) or (preposition in _PLACING and _clause_of_names(gap))


def _preposition(gap: Gap) -> str:
    """Return the word before `the U.S.` or `the western U.S.`; empty where there is none."""
    words = gap.blocks[gap.at].rsplit(None, len("in the western U.S.".split()))[:-1]
    if words and (words[-1].endswith("ern") or words[-1] in _PARTS):
        words.pop()
    article = words.pop() if words else ""
    return words[-1].lstrip("“\"‘'(").lower() if words and article == "the" else ""


def _clause_of_names(gap: Gap) -> bool:
    """Whether names have a verb, an apposition or a thing of their own, and are no state body."""
    right = f"{gap.ahead} "
    named = _NAMES.match(right)
    words = named[1].split() if named else right.split(None, 3)[:3]
    # `U.S. Air Force said` goes on, `in the U.S. Wells Fargo said` does not.
    if not BODIES.isdisjoint(_CASE.sub("", word.rstrip(",")) for word in words):
        return False
    if _APPOSED.match(right) or _POSSESSIVE.match(right) or _ROLE.match(right):
        return True
    # `Poe Motor Corp.`, `Ohio Sen.` is where the cut was made, and the verb is further on.
    cut = words[-1].rstrip(".") in _CUT
    return named is not None and (_verb(named[2]) or (cut and not named[2]))


def _verb(word: str) -> bool:
    bare = word.rstrip(",.;:")
    return bare in VERBS or (bare.islower() and bare.endswith("ed"))
