"""Judges of a boundary after letters with full stops: initials, acronyms, degrees, times."""

from __future__ import annotations

import re

from copydesk.parser.rejoin.abbreviations import AMOUNT, company
from copydesk.parser.rejoin.clause import new_clause, owns
from copydesk.parser.rejoin.continuation import goes_on, introduces
from copydesk.parser.rejoin.gap import Gap
from copydesk.parser.rejoin.verdict import Verdict
from copydesk.parser.rejoin.words.calendar import (
    HOLIDAYS,
    MONTH_NAMES,
    MONTHS,
    WEEKDAY_NAMES,
    WEEKDAYS,
    ZONES,
)
from copydesk.parser.rejoin.words.companies import COMPANIES
from copydesk.parser.rejoin.words.letters import (
    COUNTRIES,
    DEGREES,
    GRADED,
    HERALDS,
    LABELLED,
    NOUNS,
    NUMBERED,
    POSTED,
    REGIONS,
    RULERS,
    SHORT_NOUNS,
    STAGE_NAMES,
)
from copydesk.parser.rejoin.words.openers import (
    OPENERS,
    PERSONAL,
    SURNAMES,
    WEAK_OPENERS,
)

_ZONE = re.compile(r"(?:[A-Z]{1,3}T|[A-Z]\.(?:[A-Z]\.)?T\.|UTC|GMT|BST|IST)(?![A-Za-z])")
_DAY_MONTH = re.compile(r"\d{1,2}\s+([A-Z][a-z]+)")
_INITIAL = re.compile(r"\W?[A-Z]\.")
# `Delhi time`, `New York time`
_LOCAL_TIME = re.compile(r"\S+ (?:[A-Z]\w+ )?[Tt][Ii][Mm][Ee]\b")
_COMPASS = frozenset(["N.", "S.", "E.", "W."])
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|d)\b")
_SPANS = frozenset(["century", "centuries", "millennium"])
_CLOCKS = frozenset(["Time", "Standard", "Daylight"])
_NICKNAME = re.compile(r"[“\"‘'(]{1,2}[A-Z][\w. ]{1,20}[”\"’')]{1,2} [A-Z]")
# `whose teacher I am.`
_ALSO_WORDS = frozenset(["am.", "AM."])
# `the company T. Rowe Price`, but `Company C`
_NAMED = frozenset(["company", "team"])
# `Wired.com.`
_DOMAIN = re.compile(r"\.[a-z]{2,}\.$")
# `a Honda CR-V.`, `U-S-A.`
_MODEL = re.compile(r"(?:[A-Z\d]{2,}|[A-Z]-[A-Z])-[A-Z]\.")
# `A, B and C.`; what stands before its last letter ends in one of the three.
_SERIAL = frozenset(",dr")
_SERIES = re.compile(r"(?:^|[ (])[A-HJ-Z](?:,|,? (?:and|or)) $")
# `500`, `the 500s`
_YEARS = re.compile(r"\d(?:['’]?s)?$")
_LETTER = re.compile(r"[A-Z]\.(?:$|[,;:)’'])|& [A-Z]")
# Agencies whose names begin like sentences.
_AGENCIES = re.compile(
    r"(?:Food and Drug|Fish and Wildlife|Plant and|Energy Information) "
    r"|Under[ -]Secretar|Attorneys\b|(?:Trade|Travel|Business|Health|Energy|Science) and (?=[A-Z])"
    r"|(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh)"
    r" (?:Lady|Circuit|Army|Fleet|Corps|Division|Infantry|Cavalry|Marine|Congress|Amendment)"
)


def initial(gap: Gap) -> Verdict:
    """`J.`: a name follows, unless the letter is a label, a grade, a numeral or a pronoun."""
    return Verdict(not _label(gap) and _goes_on_after_initial(gap), "initial")


def _label(gap: Gap) -> bool:
    """Whether the letter ends a model, the name of a network or a series of letters."""
    if gap.word == "X." and gap.previous in POSTED:
        return True
    # Most letters stand between two names, and one look at the first tells those.
    if len(gap.raw) > len("J."):
        return _MODEL.fullmatch(gap.raw) is not None
    after = gap.blocks[gap.at][-len("d J.") : -len(" J.")]
    return after in _SERIAL and _SERIES.search(gap.before) is not None


def _goes_on_after_initial(gap: Gap) -> bool:
    if _LETTER.match(gap.right):
        return True
    if gap.side != "upper":
        # `2 W. 3d St.`, `269 F. 2d 613`
        counted = gap.word in _COMPASS or gap.previous.isdigit()
        if counted and _ORDINAL.match(gap.right):
            return True
        # `(K. 526)`, `H. R. 12`, `S. 151`: in brackets, after a letter or in the Senate.
        reference = gap.side == "digit" and (
            "(" in gap.raw[:2] or gap.word == "S." or _INITIAL.fullmatch(gap.previous)
        )
        dash = gap.side == "dash"
        return (goes_on(gap) and not dash) or bool(reference) or _nickname(gap)
    head = gap.head.rstrip(",;:.!?")
    # `Ann E. Rice`: between names a letter is an initial, whatever noun the surname looks like.
    surname = head in SURNAMES or (head in WEAK_OPENERS and gap.previous[:1].isupper())
    if not gap.names or (gap.common and not surname):
        return False
    # `205 (K. Spiring 52)`: a bracket of its own.
    if gap.raw[0] in "([":
        return True
    previous = gap.previous.strip("(\"“‘'[_")
    bare = previous.rstrip(",:;")
    if bare[-1:].isdigit() and previous == bare:
        # `310 W. Elm Street`: in an address the letter is a point of the compass.
        return gap.word in _COMPASS
    labelled = bare.lower() in LABELLED and bare not in _NAMED
    if (labelled and previous == bare) or (bare, gap.word) in STAGE_NAMES:
        return False
    if previous.endswith(":") and bare.lower() in GRADED:
        return False
    if gap.word == "I.":
        ruler = not RULERS.isdisjoint(gap.before.split())
        named = previous[:1].isupper() or previous[-1:] in {":", ";"} or bare in {"says", "said"}
        return named and bare not in NUMBERED and not ruler
    return True


def letters(gap: Gap) -> Verdict:
    """`U.S.`, `D.C.`, `Ph.D.`, `J.K.`: by what the letters stand for."""
    if goes_on(gap):
        return Verdict(join=True, rule="acronym")
    if gap.word in HERALDS and gap.alone:
        return Verdict(join=True, rule="acronym")
    if gap.word in COUNTRIES:
        return Verdict(_goes_on_after_country(gap), "acronym")
    if gap.side != "upper":
        rest = gap.side == "digit" or gap.right[0] == "§" or _nickname(gap)
        return Verdict(rest, "acronym")
    # `Visa U.S.A. Inc.`
    company_form = gap.head.rstrip(",.;:") in COMPANIES
    if company_form or _noun(gap.word) or gap.head in PERSONAL or not gap.proper:
        return Verdict(company_form, "acronym")
    if gap.word in REGIONS:
        return Verdict(not _located(gap), "acronym")
    if gap.word in DEGREES:
        return Verdict(_unheralded(gap), "initial")
    if gap.word in SHORT_NOUNS:
        return Verdict(_unheralded(gap) and not gap.previous[:1].isupper(), "initial")
    if len(gap.word) <= len("J.K.") or gap.previous[:1].isupper():
        return Verdict(join=True, rule="initial")
    return Verdict(not new_clause(gap), "acronym")


def _noun(word: str) -> bool:
    return word in NOUNS or word.islower() or _DOMAIN.search(word) is not None


def _nickname(gap: Gap) -> bool:
    return _NICKNAME.match(gap.right) is not None


def era(gap: Gap) -> Verdict:
    """`B.C.`, `A.D.`: ends the sentence after a year or a century, and is a place's elsewhere."""
    if gap.word == "A.D." and gap.right[0].isdigit():
        return Verdict(join=True, rule="acronym")
    if not goes_on(gap) and (_YEARS.search(gap.previous) or gap.previous in _SPANS):
        return Verdict(join=False, rule="acronym")
    return letters(gap)


def corporate(gap: Gap) -> Verdict:
    """`S.A.`, `N.V.`: a company's form after a name, initials elsewhere."""
    return company(gap) if gap.previous[:1].isupper() else letters(gap)


def _goes_on_after_country(gap: Gap) -> bool:
    if gap.side == "digit" or gap.right[0] in AMOUNT:
        return True
    if introduces(gap) or _AGENCIES.match(gap.right):
        return True
    if not gap.proper or gap.head in PERSONAL:
        return False
    return not new_clause(gap)


def _located(gap: Gap) -> bool:
    """Whether a town stands before the region (`Reno, N.Y.`), or `in`: it then ends its phrase."""
    previous = gap.previous
    town = previous[:1].isupper() and previous not in OPENERS
    within = previous == "in" and not owns(gap)
    return town or within or previous.endswith(",") or gap.prefixed


def _unheralded(gap: Gap) -> bool:
    """Whether nothing before the letters makes them a degree: they are somebody's initials."""
    previous = gap.previous
    heralds = {"a", "an", "the", "his", "her", "their", "and", "or"}
    two = len(gap.word) == len("P.D.")
    return two and previous not in heralds and previous[-1:] != ","


def time(gap: Gap) -> Verdict:
    """`p.m.`: a zone, day, month or place's `time` follows, or the sentence ends."""
    if gap.word.isupper() and not gap.previous[-1:].isdigit() and gap.proper:
        return Verdict(join=True, rule="initial")
    if gap.word in _ALSO_WORDS and not gap.previous[-1:].isdigit():
        return Verdict(join=False, rule="time")
    bare = gap.head.rstrip(".,;:()")
    day = _DAY_MONTH.match(gap.right)
    dated = (
        bare in WEEKDAY_NAMES
        or bare in MONTH_NAMES
        or bare in HOLIDAYS
        or (bare in ZONES and (not gap.second[:1].isupper() or gap.second in _CLOCKS))
        or (bare in WEEKDAYS | MONTHS and "." in gap.head)
        or (day is not None and (day[1] in MONTH_NAMES or day[1] in MONTHS))
    )
    local = _LOCAL_TIME.match(gap.right) is not None and not gap.common
    zoned = local or _ZONE.match(gap.right) is not None
    return Verdict(dated or zoned or goes_on(gap) or introduces(gap), "time")
