"""The words of `copydesk trace`: a version's steps, and an article's states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from copydesk.sink.store import FileRow, RevisionRow
from copydesk.sink.waits import Wait

_SHORT = 12
"""Characters of a revision that are shown."""

_STAGES = {"parser": "for the parser", "sink": "for the sink"}
_DISPOSED = {"moved": "moved", "rejected": "moved", "deleted": "deleted", "vanished": "vanished"}


class Line(NamedTuple):
    """A line of the story. `at` is a time as text, empty where there is none."""

    at: str
    what: str
    more: str
    good: bool | None = None
    """Whether it is an end, and which."""


def version_lines(row: FileRow, wait: Wait | None) -> Iterator[Line]:
    """What happened to a version, in the order in which it did. `wait`: of one in flight."""
    if row.closed_at is not None:
        size = "" if row.size is None else f"{row.size:,} bytes"
        yield Line(row.closed_at, "closed", size)
    if row.observed_at is not None:
        yield Line(row.observed_at, "taken in", f"as version {row.version_id}")
    if row.outcome == "rejected":
        yield Line(row.settled_at or "", "rejected", _why(row), good=False)
    elif row.outcome is not None:
        revision = (row.revision or "")[:_SHORT]
        article = f"article {row.article_id}, revision {revision}{_MEANING[row.outcome]}"
        yield Line(row.settled_at or "", row.outcome, article, good=True)
    elif wait is not None:
        yield Line("", "waits", _waits(wait))
    if row.disposition is not None:
        where = "" if row.moved_to is None else f"to {row.moved_to}"
        what = _DISPOSED.get(row.disposition, row.disposition)
        yield Line(row.disposed_at or "", what, where)


_MEANING = {
    "stored": "",
    "updated": ", which took the place of an earlier one",
    "unchanged": ", the same text as before",
    "superseded": ", not the newest",
}


def row_lines(states: Sequence[RevisionRow]) -> Iterator[Line]:
    """The row that a version became."""
    for row in states:
        yield Line("", "row", f"{row.title} | {row.canonical_url} | {_state(row)}")


def revision_lines(revisions: Sequence[RevisionRow]) -> Iterator[Line]:
    """An article's states, each with the file that had it first."""
    for row in revisions:
        more = f"{row.revision[:_SHORT]}, first in {row.source_path}, {_state(row)}"
        yield Line(row.source_observed_at, "revision", more)


def _state(row: RevisionRow) -> str:
    return "the present state" if row.current else "an earlier state"


def _why(row: FileRow) -> str:
    place = [f"field {row.field}"] if row.field else []
    place += [f"line {row.line}"] if row.line else []
    return f"{row.code}: {row.reason}" + (f" ({', '.join(place)})" if place else "")


def _waits(wait: Wait) -> str:
    if wait.stage is None:
        return "for its outcome to be recorded"
    if wait.ahead is None:
        return f"{_STAGES[wait.stage]}; its place in the log was not found"
    return f"{_STAGES[wait.stage]}; {wait.ahead:,} records go before it"
