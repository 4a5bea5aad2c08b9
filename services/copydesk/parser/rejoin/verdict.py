"""What is decided about a boundary, and by which rule."""

from __future__ import annotations

from typing import Literal, NamedTuple

Rule = Literal[
    "title",
    "initial",
    "acronym",
    "month",
    "time",
    "number",
    "place",
    "company",
    "abbreviation",
    "ellipsis",
    "list",
    "lower_case",
    "marked_name",
    "detached",
    "quotation",
    # The rest never join: nothing speaks against a sentence's end, or the cut did not make it.
    "plain",
    "uncut",
    "undamaged",
]
"""The class of phenomenon that decided; the closed set of the counts of joins."""


class Verdict(NamedTuple):
    """Whether the pieces on both sides of a boundary are one sentence, and who says so."""

    join: bool
    rule: Rule


PLAIN = Verdict(join=False, rule="plain")
UNCUT = Verdict(join=False, rule="uncut")
UNDAMAGED = Verdict(join=False, rule="undamaged")
