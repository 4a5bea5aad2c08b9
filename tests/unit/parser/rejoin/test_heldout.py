"""Boundaries by phenomenon, written before the rules were seen at work on them.

`heldout.tsv` holds a phenomenon and a text a line: ‖ is a false split, ¦ a true boundary.
"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from copydesk.parser.rejoin import explain

_DATA = pathlib.Path(__file__).with_name("heldout.tsv")
_MARK = re.compile("[‖¦]")
# `tel. no. is` would cost every answer of “No.” before a small letter; `Washington, D.C. Mayor`
# and the like every sentence that ends in the town's name.
_KNOWN_MISSES = 6


class Case(NamedTuple):
    """One boundary: the phenomenon, both sides and whether they are one sentence."""

    phenomenon: str
    left: str
    right: str
    join: bool
    joined: bool


def cases() -> Iterator[Case]:
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        phenomenon, text = line.split("\t")
        wanted = [mark == "‖" for mark in _MARK.findall(text)]
        for boundary, join in zip(explain(_MARK.split(text), "en"), wanted, strict=True):
            yield Case(phenomenon, boundary.left, boundary.right, join, boundary.join)


def test_the_set_is_broad() -> None:
    found = list(cases())
    assert len(found) >= 1100
    assert len({case.phenomenon for case in found}) >= 15
    assert sum(not case.join for case in found) >= 400


@pytest.mark.parametrize("phenomenon", sorted({case.phenomenon for case in cases()}))
def test_no_true_boundary_is_closed(phenomenon: str) -> None:
    false = [case for case in cases() if case.joined and not case.join]
    assert [case for case in false if case.phenomenon == phenomenon] == []


def test_false_splits_are_joined() -> None:
    missed = [case for case in cases() if case.join and not case.joined]
    assert len(missed) <= _KNOWN_MISSES, missed
