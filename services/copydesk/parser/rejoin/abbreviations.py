"""Judges of a boundary after a shortened word, one for each class of words."""

from __future__ import annotations

import re

from copydesk.parser.rejoin.continuation import goes_on, introduces
from copydesk.parser.rejoin.gap import REACH, Gap
from copydesk.parser.rejoin.places import numbered_street, street
from copydesk.parser.rejoin.verdict import Verdict
from copydesk.parser.rejoin.words.calendar import MONTH_NAMES, MONTHS
from copydesk.parser.rejoin.words.companies import (
    AFTER_COMPANIES,
    AFTER_MARKED_NAMES,
    CHIEFS,
    OFFICES,
)
from copydesk.parser.rejoin.words.places import COUNTIES
from copydesk.parser.rejoin.words.shortened import AFTER_DISTRICTS, ALSO_WORDS, NUMBERED
from copydesk.parser.rejoin.words.titles import NAMES_LIKE_OPENERS

_DAY_OR_YEAR = re.compile(r"(?:[0-3]?\d(?:st|nd|rd|th)?|(?:1\d|20)\d\d(?:-\d+)?|[’']\d\d)(?!:?\d)")
# `Vol. XX`, `Fig. B`
_ROMAN = re.compile(r"(?:[IVXLC]+|[B-HJ-Z])(?![\w’'.&])")
# `No. MC 73`, `No. B-52`: what numbers things begins with letters.
_CODE = re.compile(r"[A-Z]{1,5}[- ]?\d")
_BRACKETED = re.compile(r"\(\d+[a-z]?\)(?! [A-Z])")
_MODEL = re.compile(r"[A-Z]{1,3}-\d+ [a-zA-Z]")
# `Lind Inc. LND, -1.20%`
_QUOTE = re.compile(r"[A-Z]{1,5},? [-+−]\d")
_NUMBER_SIGNS = frozenset(["No.", "no.", "Nos.", "nos."])
# `No. I did not.`
_ANSWERS = frozenset(["No.", "no.", "NO.", "Re.", "Est."])
_SPELT = frozenset("One Two Three Four Five Six Seven Eight Nine Ten".split())
_COUNT = re.compile(r"\d(?:st|nd|rd|th)?$")
_COUNTS = frozenset(
    """
    sq. cu. fl. one two three four five six seven eight nine ten few half hundred thousand million
    billion per /
    """.split()
)
# `0.9 deg. C`
_SCALES = frozenset("CF")
AMOUNT = "$£€¥₹~±#§"
_BEFORE_DOCTORS = frozenset("that from by to with and of as for when if is was saw met".split())
# `King Jr. Day`: what is named after a person.
_NAMESAKES = frozenset(
    """
    Day Blvd Boulevard Avenue Ave Street St Drive Way Road Park Plaza Center Centre High School
    Elementary Middle Memorial Library Hospital Foundation Award Stadium Field Bridge
    Highway Parkway Expressway Hall College University Museum Prize Scholarship Shipyards
    Courthouse Trophy Holiday Show National
    """.split()
)
_NO_CLAUSE = re.compile(r"(?:(?:[A-Z][\w.,’'-]*|&|and|of|the) )*")


def honorific(gap: Gap) -> Verdict:
    """`Mr.`: a name follows, whatever it looks like."""
    return Verdict(gap.side != "other" or gap.right[0] in "@_", "title")


def title(gap: Gap) -> Verdict:
    """`Gov.`, `Lt.`: a name, a further title or a number follows."""
    if gap.word == "Dr." and numbered_street(gap.before):
        return street(gap)
    # `I saw Dr. No`: a street has its name and a physician an article before it.
    doctor = gap.word == "Dr." and gap.side == "upper" and gap.previous.lower() in _BEFORE_DOCTORS
    join = (
        gap.names
        or doctor
        or goes_on(gap)
        or gap.right[0].isdigit()
        or (gap.side == "quote" and gap.right[1:2].isupper() and _nickname(gap))
        or (gap.head in NAMES_LIKE_OPENERS and gap.second[:1].isupper())
        or gap.right[0] == "@"
    )
    return Verdict(join, "title")


def _nickname(gap: Gap) -> bool:
    return gap.right[0] in "“\"‘'" and any(mark in gap.head[1:] for mark in "”\"’'")


def suffix(gap: Gap) -> Verdict:
    """`Jr.`, `Sr.`: may end a sentence, unless the name goes on or it is Sister, Señor."""
    if gap.word in {"Sr.", "SR."} and gap.names and not gap.previous[:1].isupper():
        return Verdict(join=True, rule="title")
    namesake = gap.head.rstrip(',.;:!?”"') in _NAMESAKES or _clauseless(gap)
    return Verdict(namesake or goes_on(gap) or gap.side == "digit", "abbreviation")


def _clauseless(gap: Gap) -> bool:
    """Whether the sentence so far is but a name, and so has still to say something of it."""
    # One name after the other is a list, and one that comes again is a heading's.
    return (
        gap.proper
        and 0 < len(gap.before) < REACH
        and gap.head.rstrip(",") not in re.split(r"[ ,]", gap.before)
        and _NO_CLAUSE.fullmatch(gap.before) is not None
        and _NO_CLAUSE.fullmatch(f"{gap.ahead} ") is None
    )


def company(gap: Gap) -> Verdict:
    """`Inc.`: may end a sentence, unless the name or an officer's title follows."""
    bare = gap.head.rstrip(",;:.")
    chief = bare == "Chief" and gap.second.rstrip(",.") in CHIEFS
    county = gap.word == "Co." and bare.rstrip("!?") in COUNTIES
    # `Cie. Générale`, where other forms end the name.
    leads = gap.word == "Cie." and gap.names and not gap.previous[:1].isupper()
    office = OFFICES.match(gap.right) is not None
    # `Viacom Inc. $225 million`, `Corp. F-18 fighters`: no sentence begins so.
    figure = gap.right[0] in AMOUNT or any(p.match(gap.right) for p in (_MODEL, _QUOTE))
    named = bare in AFTER_COMPANIES or chief or county or leads or office
    rest = named or figure or _clauseless(gap)
    return Verdict(rest or goes_on(gap) or gap.side == "digit", "company")


def month(gap: Gap) -> Verdict:
    """`Jan.`: a day or a year follows, or the sentence goes on in a small letter."""
    dated = bool(_DAY_OR_YEAR.match(gap.right))
    return Verdict(dated or goes_on(gap) or introduces(gap), "month")


def weekday(gap: Gap) -> Verdict:
    """`Mon.`: a month, a day or a time follows."""
    bare = gap.head.rstrip(".,")
    join = bare in MONTHS or bare in MONTH_NAMES or gap.side == "digit"
    return Verdict(join or goes_on(gap), "month")


def reference(gap: Gap) -> Verdict:
    """`No.`, `p.`, `approx.`: a number follows; `no` and `art` are also words."""
    # `a work of art. I like it`
    pronoun = gap.head == "I" and (gap.word[:-1] in ALSO_WORDS or gap.word.isupper())
    roman = gap.word not in _ANSWERS and not pronoun and bool(_ROMAN.match(gap.right))
    code = gap.word in _NUMBER_SIGNS and _CODE.match(gap.right) is not None
    # `Eq. (6)`, `(b. March 2009)`
    bracketed = _BRACKETED.match(gap.right) is not None
    born = gap.raw in {"(b.", "(d."} and gap.head.rstrip(",") in MONTH_NAMES
    # `the No. One team`
    spelt = (
        gap.word in {"No.", "Nos."} and gap.head.rstrip(",.").title() in _SPELT and not gap.alone
    )
    number = (
        gap.right[0].isdigit()
        or gap.right[0] in AMOUNT
        or roman
        or code
        or bracketed
        or born
        or spelt
    )
    small = gap.side == "lower" and gap.word[:-1] not in ALSO_WORDS
    return Verdict(number or small, "number")


def unit(gap: Gap) -> Verdict:
    """`ft.` after a number: the sentence goes on in a small letter or a further number."""
    # `25-ft.`: the count stands before a hyphen.
    count = gap.raw[: -len(gap.word) - 1] if gap.prefixed else gap.previous
    counted = _COUNT.search(count) is not None or count in _COUNTS
    # `a few ft. apart`: no word but a unit is spelt so.
    small = gap.side == "lower" and gap.word[:-1] not in ALSO_WORDS
    scale = gap.word == "deg." and gap.head.rstrip(".,;:") in _SCALES
    rest = counted and (goes_on(gap) or gap.right[0].isdigit() or scale)
    return Verdict(small or rest, "number")


def bridge(gap: Gap) -> Verdict:
    """`vs.`, `e.g.`: the sentence always goes on."""
    return Verdict(join=bool(gap.right), rule="abbreviation")


def endable(gap: Gap) -> Verdict:
    """`etc.`, `dept.`: may end a sentence, unless it goes on in a small letter."""
    small = gap.word[:-1] not in ALSO_WORDS or gap.word[:1].isupper()
    numbered = gap.word[:-1] in NUMBERED and gap.side == "digit"
    office = gap.word == "Dist." and gap.head in AFTER_DISTRICTS
    rank = gap.word == "Tech." and gap.head == "Sgt."
    return Verdict((small and goes_on(gap)) or numbered or office or rank, "abbreviation")


def adjective(gap: Gap) -> Verdict:
    """`Int'l.`: the noun follows."""
    return Verdict(gap.names or goes_on(gap), "abbreviation")


def marked_name(gap: Gap) -> Verdict:
    """`Yahoo!`: the mark is the name's own."""
    rest = re.split(r"[’',.;:!?]", gap.head, maxsplit=1)[0] in AFTER_MARKED_NAMES
    return Verdict(rest or gap.names or gap.side == "lower", "marked_name")
