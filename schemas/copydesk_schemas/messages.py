"""Typed classes of every JSON message. `*.v1.json` beside this file are the normative schemas.

All are `TypedDict`: what `orjson.loads` returns is already one of them, at no cost.
Times are RFC 3339 in UTC with six decimals (`2025-01-10T08:30:00.000000Z`): they sort as text.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict, final

Outcome = Literal["stored", "updated", "unchanged", "superseded", "rejected"]
"""What became of a version of a file. Each version gets exactly one, ever."""

Code = Literal[
    "not_text",
    "bad_encoding",
    "empty",
    "too_large",
    "no_tags",
    "missing_field",
    "empty_field",
    "duplicate_field",
    "unclosed_tag",
    "several_articles",
    "bad_date",
    "bad_url",
    "bad_gzip",
    "unpacks_too_large",
    "refused_by_store",
    "bad_message",
    "internal_error",
]
"""Why something was rejected: a closed set. `codes.py` says what each means."""


class Source(TypedDict):
    """Where an article came from: one version of one file."""

    inbox: str
    path: str
    """Relative to the inbox, as text; see `paths.py`."""
    version_id: str
    bytes: int
    """Size of the file as it lay in the folder (packed, where it was packed)."""
    sha256: str
    """Of those same bytes, hexadecimal."""
    observed_at: str


class Parser(TypedDict):
    """What made the event, and what it did to the text."""

    version: str
    generation: int
    """Rises with each change of what the parser puts out for the same input."""
    repairs: dict[str, int]
    """How often each kind of repair was made; kinds that were not needed are absent. The schema
    has their names; `joined_…` are the values of `copydesk.parser.rejoin.Rule` that join."""
    stray: str
    """Text that stood between the fields, at most 1 KB of it."""


@final
class Article(TypedDict):
    """The normalized event, one state of one article (`article.v1.json`)."""

    id: str
    id_rules: Literal[1]
    revision: str
    title: str
    url: str
    canonical_url: str
    site: str
    published_date: str
    published_at: NotRequired[str]
    authors: list[str]
    language: str
    summary: str
    summary_points: list[str]
    highlights: list[str]
    content: list[str]
    word_count: int
    source: Source
    parser: Parser


@final
class Rejection(TypedDict):
    """Why something is no article (`rejection.v1.json`); also the content of `NAME.error.json`."""

    code: Code
    reason: str
    """A sentence for the person who dropped the file."""
    field: str | None
    """The tag concerned, upper case."""
    line: int | None
    """Counted from 1, in the unpacked text."""


class Receipt(TypedDict):
    """What became of a version (`receipt.v1.json`). Its key is the version id."""

    version_id: str
    inbox: str
    path: str
    outcome: Outcome
    at: str
    article_id: str | None
    """Of every outcome but `rejected`."""
    revision: str | None
    rejection: Rejection | None
    """Of `rejected`, and of nothing else."""


class LedgerEntry(TypedDict):
    """What the watcher knows of a file (`ledger.v1.json`). Its key is the file key."""

    version_id: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    sha256: str | None
    """None where the file was too large to read."""
    observed_at: str
    closed_at: str
    """When the file was last written or put there, as its file system says."""
    read_at_ns: int
    """Clock of the watcher's machine when it read the file, nanoseconds since the epoch."""


class Owner(TypedDict):
    """Which watcher owns an inbox (`owner.v1.json`): the ledger's record with an empty path."""

    instance: str
    host: str
    pid: int
    since: str
    highest_observed_at: str
