"""Which words differ between two states of an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from copydesk.sink.store import TextRow

CONTEXT = 6
"""Words that are shown on either side of a change."""
_THOROUGH = 10_000_000
"""Pairs of words up to which frequent words are compared as well: with all of them it is slow."""


class Change(NamedTuple):
    """Words of a field that were taken out and put in, at one place, with the words around."""

    field: str
    before: str
    removed: str
    added: str
    after: str


def changes(old: TextRow, new: TextRow) -> Iterator[Change]:
    """What makes `new` of `old`, field by field. How a text is divided into blocks is no change."""
    for field in TextRow._fields[1:]:
        yield from _changes(field, _blocks(getattr(old, field)), _blocks(getattr(new, field)))


def _blocks(value: str | Sequence[str] | None) -> Sequence[str]:
    return [value or ""] if isinstance(value, str | None) else value


def _changes(field: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Whole blocks are compared first: of long texts most are the same."""
    blocks = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, start, end in blocks.get_opcodes():
        if tag != "equal":
            removed, added = " ".join(old[first:last]), " ".join(new[start:end])
            yield from _words(field, removed.split(), added.split())


def _words(field: str, old: list[str], new: list[str]) -> Iterator[Change]:
    words = SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > _THOROUGH)
    for tag, first, last, start, end in words.get_opcodes():
        if tag != "equal":
            yield Change(
                field,
                " ".join(new[max(0, start - CONTEXT) : start]),
                " ".join(old[first:last]),
                " ".join(new[start:end]),
                " ".join(new[end : end + CONTEXT]),
            )
