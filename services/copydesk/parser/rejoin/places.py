"""Judges of a boundary after a shortened part of a place's name."""

from __future__ import annotations

import re

from copydesk.parser.rejoin.continuation import goes_on
from copydesk.parser.rejoin.gap import Gap
from copydesk.parser.rejoin.verdict import Verdict
from copydesk.parser.rejoin.words.openers import OPENERS
from copydesk.parser.rejoin.words.places import (
    AFTER_STATES,
    AFTER_STREETS,
    BEFORE_SAINTS,
    QUARTERS,
    SAINTS,
)
from copydesk.parser.rejoin.words.titles import TITLES

_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_ZIP = re.compile(r"\d{5}(?!\d)")
_STREET_NUMBER = re.compile(r"\b\d+ (?:[NSEW]\.? )?(?:[A-Z][\w’'-]* ){1,2}$")


def numbered_street(before: str) -> bool:
    """Whether `before` ends in an address that a `Dr.` makes a drive: `4911 Miller`."""
    return _STREET_NUMBER.search(before) is not None


def place(gap: Gap) -> Verdict:
    """`Ft.`, `Mt.`: the rest of the name follows."""
    return Verdict(gap.names or goes_on(gap) or gap.side == "digit", "place")


def saint(gap: Gap) -> Verdict:
    """`St.`: a saint, unless a street's name stands before it."""
    before = gap.previous.lstrip("([\"“‘'")
    # `42nd St.`, but `1 St. John`, which is a letter of his.
    numbered = _ORDINAL.fullmatch(before) is not None
    street = (
        (before[:1].isupper() or numbered)
        and before not in BEFORE_SAINTS
        and before not in OPENERS
        and not before.endswith((".", ",", ":", "'s", "’s"))
        and gap.raw[0] not in '([“"‘'
    )
    name = re.split(r"[’'.,;:!?—–-]", gap.head, maxsplit=1)[0]
    saintly = gap.names and (not street or (name in SAINTS and not numbered))
    quarter = gap.head.rstrip(",.;:") in QUARTERS
    return Verdict(saintly or quarter or goes_on(gap), "place")


def street(gap: Gap) -> Verdict:
    """`Ave.`: may end a sentence, unless an address goes on or it is a road's number."""
    rest = gap.head.rstrip(",.;:") in AFTER_STREETS or gap.right[0].isdigit()
    return Verdict(rest or goes_on(gap), "place")


def state(gap: Gap) -> Verdict:
    """`Calif.`: may end a sentence, unless a dateline, zip code or officer's title follows."""
    # A state stands after its town and a comma; without them it is a delegate or a pronoun.
    stray = not gap.previous.endswith(",")
    officer = gap.head[-1] == "." and gap.head[:-1] in TITLES and stray and not gap.prefixed
    if gap.word == "Me." and stray:
        return Verdict(join=False, rule="place")
    delegate = gap.word == "Del." and gap.names and stray
    school = gap.head.rstrip(".,;:!?") in AFTER_STATES and stray
    rest = delegate or school or officer or bool(_ZIP.match(gap.right))
    return Verdict(rest or goes_on(gap), "place")
