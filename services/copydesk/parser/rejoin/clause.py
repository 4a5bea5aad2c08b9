"""Whether a subject and its verb follow a phrase that can end a sentence, as `in the U.S.` can."""

from __future__ import annotations

import re

from copydesk.parser.rejoin.gap import Gap
from copydesk.parser.rejoin.words.openers import BODIES, COUNTRY_NAMES, INSTITUTIONS, PEOPLES, VERBS

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
# Small words inside the name of a body: `Office of the Attorney General`.
_JOINTS = frozenset("of and for on the to &".split())
_END = re.compile(r"[^\w’'-]")
# `Ambassador to the U.N. Ann Poe`: whoever is one has a name.
_ENVOYS = frozenset("ambassador envoy representative delegate observer emissary".split())
_CASE = re.compile(r"['’]s?$")


def new_clause(gap: Gap) -> bool:
    """Whether the right side begins a clause, and the left side ends in a whole phrase."""
    preposition = _preposition(gap)
    if preposition not in _PREPOSITIONS:
        return False
    head = _END.split(gap.head, maxsplit=1)[0]
    name = _CASE.sub("", head)
    if name in INSTITUTIONS or (name in PEOPLES and preposition not in _PLACING):
        return False
    owner = name != head
    country = name in COUNTRY_NAMES and (owner or preposition in _PARTING)
    if country or gap.head.endswith(",") or _AGED.match(gap.ahead):
        return True
    place = preposition in _PLACING and gap.word != "U.N."
    return _verb(gap.second) or (place and not owns(gap))


def _preposition(gap: Gap) -> str:
    """Return the word before `the U.S.` or `the western U.S.`; empty where there is none."""
    words = gap.blocks[gap.at].rsplit(None, len("in the western U.S.".split()))[:-1]
    if words and (words[-1].endswith("ern") or words[-1] in _PARTS):
        words.pop()
    article = words.pop() if words else ""
    envoy = len(words) > 1 and words[-2].lower() in _ENVOYS
    return words[-1].lstrip("“\"‘'(").lower() if words and article == "the" and not envoy else ""


def owns(gap: Gap) -> bool:
    """Whether the name that follows is one of the country's: `U.S. Fish and Wildlife Service`."""
    for word in gap.ahead.split():
        name = _END.split(word, maxsplit=1)[0]
        if _CASE.sub("", name) in BODIES:
            return True
        if word not in _JOINTS and (name != word or not word[0].isupper()):
            return False
    return False


def _verb(word: str) -> bool:
    bare = word.rstrip(",.;:")
    return bare in VERBS or (bare.islower() and bare.endswith("ed"))
