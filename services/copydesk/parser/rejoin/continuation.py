"""Whether what follows a boundary can begin a sentence at all."""

from __future__ import annotations

import re

from copydesk.parser.rejoin.gap import REACH, Gap
from copydesk.parser.rejoin.words.calendar import MONTHS, WEEKDAY_NAMES
from copydesk.parser.rejoin.words.openers import OPENERS, WEAK_OPENERS

_PAREN_OPENS = re.compile(r"[(\[](?:[A-Z][a-z’']+|[AI](?= ))")
# `(New York) -- `: what is a sentence of its own ends inside its brackets.
_ASIDE = re.compile(r"[(\[][^()\[\].!?]+[)\]](?:[,;:]| [a-z\d—–-])")
# `(Ann Poe/Reuters)`, `(AP Photo/Ann Poe)`, `(Credit: Reuters)`: whose the picture above is.
_CREDIT = re.compile(r"\((?:[A-Z][\w.’'-]* [A-Z][\w.’' -]*/ ?[A-Z]|Credit:)")
# `(B) A note goes out.`
_PAREN_ITEM = re.compile(r"\([A-Za-z0-9]{1,2}\) [A-Z]")
_INTRODUCTION = re.compile(
    r"[“\"‘'(]?(?:[Aa]nd |[Bb]ut )?(?:[Aa]t|[Bb]y|In|On|From|Since|Until|Before|After|Around"
    r"|About|During|Across|Back in|Outside|Inside|Throughout|Shortly (?:after|before)"
    r"|Just (?:after|before)|As of)"
    r"(?: (?:the|about|around|early|late|mid|last))*(?: \d[\d:]*)? "
)
# `Friday to say`, `Friday announced`, `Friday after`: where the day is a subject it ends or marks.
_ON_A_DAY = frozenset(
    """
    to said told announced reported agreed filed named declared unveiled launched denied declined
    defended urged approved ordered rejected posted offered warned asked signed sued after against
    amid as following that when
    """.split()
)
# A pronoun that keeps its capital inside a sentence.
_PRONOUNS = frozenset("I I’m I'm I’ve I've I’d I'd I’ll I'll".split())
_GOES_ON = ("lower", "namelike", "dash")


def goes_on(gap: Gap) -> bool:
    """Whether the right side cannot begin a sentence after a shortened word."""
    if gap.side == "bracket":
        if _PAREN_ITEM.match(gap.right) or _CREDIT.match(gap.right):
            return False
        if _ASIDE.match(gap.right[:REACH]):
            return True
        inside = _PAREN_OPENS.match(gap.right)
        word = inside[0][1:] if inside else ""
        return word not in OPENERS and word not in WEAK_OPENERS
    if gap.side in _GOES_ON:
        # `— Name (@name)` signs a quoted tweet, whose last sentence ended before it.
        return "(@" not in gap.right[:REACH]
    if gap.head[-1] == ".":
        return gap.head[:-1] in MONTHS
    return gap.head in WEEKDAY_NAMES and gap.second in _ON_A_DAY


def introduces(gap: Gap) -> bool:
    """Whether the sentence so far is but a time or a place (`At 5 p.m.`): the clause follows."""
    return (
        gap.at == gap.start
        and _INTRODUCTION.fullmatch(gap.before) is not None
        and (gap.proper or gap.head in _PRONOUNS or gap.side == "digit")
    )
