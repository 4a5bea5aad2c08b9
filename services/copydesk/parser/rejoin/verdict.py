"""What is decided about a boundary, and by which rule."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Rule(StrEnum):
    """The class of phenomenon that decided; the closed set of the counts of joins."""

    TITLE = "title"
    INITIAL = "initial"
    ACRONYM = "acronym"
    MONTH = "month"
    TIME = "time"
    NUMBER = "number"
    PLACE = "place"
    COMPANY = "company"
    ABBREVIATION = "abbreviation"
    ELLIPSIS = "ellipsis"
    LIST = "list"
    LOWER_CASE = "lower_case"
    MARKED_NAME = "marked_name"
    DETACHED = "detached"
    QUOTATION = "quotation"
    # The rest never join: nothing speaks against a sentence's end, or the cut did not make it.
    PLAIN = "plain"
    UNCUT = "uncut"
    UNDAMAGED = "undamaged"


class Verdict(NamedTuple):
    """Whether the pieces on both sides of a boundary are one sentence, and who says so."""

    join: bool
    rule: Rule


PLAIN = Verdict(join=False, rule=Rule.PLAIN)
UNCUT = Verdict(join=False, rule=Rule.UNCUT)
UNDAMAGED = Verdict(join=False, rule=Rule.UNDAMAGED)
