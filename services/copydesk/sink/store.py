"""What the sink needs of a database, and what `trace` and `status` do.

All methods raise Unavailable where the database cannot be used now; the ones that write raise
Refused where it refuses a row. Each write is one transaction: all of it is durable on return, or
nothing of it is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from copydesk.sink.event import Event
from copydesk_schemas.messages import Code, Outcome, Rejection


class Settled(NamedTuple):
    """What became of a version, once and for all."""

    version_id: str
    outcome: Outcome
    at: str
    article_id: str | None
    revision: str | None
    rejection: Rejection | None
    fresh: bool
    """Whether it was settled just now; if not, this is what the first delivery was told."""


class Observed(NamedTuple):
    """A version that the watcher took in."""

    version_id: str
    inbox: str
    path: str
    size: int
    sha256: str | None
    closed_at: str
    observed_at: str


class RejectedFile(NamedTuple):
    """A version that is no article."""

    version_id: str
    inbox: str
    path: str
    at: str
    code: Code
    reason: str
    field: str | None
    line: int | None


class Disposed(NamedTuple):
    """What was done with the file of a version. `moved_to` is relative to the inbox."""

    version_id: str
    inbox: str
    path: str
    disposition: str
    moved_to: str | None
    at: str


class Store(Protocol):
    """The side that writes."""

    async def record_articles(self, events: Sequence[Event], now: str) -> Sequence[Settled]:
        """Store `events` and what becomes of their versions; one answer an event, in their order.

        A version that was settled before gets the answer that it got then.
        """

    async def record_files(
        self,
        observed: Sequence[Observed] = (),
        rejected: Sequence[RejectedFile] = (),
        disposed: Sequence[Disposed] = (),
    ) -> None:
        """Note what happened to versions, in any order. What is known already stays."""


class FileRow(NamedTuple):
    """A row of the table `files`: a version, and all that is known of it."""

    version_id: str
    inbox: str
    path: str
    size: int | None
    sha256: str | None
    closed_at: str | None
    observed_at: str | None
    outcome: Outcome | None
    code: Code | None
    reason: str | None
    field: str | None
    line: int | None
    article_id: str | None
    revision: str | None
    settled_at: str | None
    disposition: str | None
    moved_to: str | None
    disposed_at: str | None


class RevisionRow(NamedTuple):
    """What `trace` shows of a revision."""

    revision: str
    current: bool
    title: str
    canonical_url: str
    published_date: str
    source_observed_at: str
    source_path: str


class TextRow(NamedTuple):
    """What a state of an article says."""

    revision: str
    title: str
    url: str
    published_date: str
    published_at: str | None
    authors: Sequence[str]
    language: str
    summary: str
    highlights: Sequence[str]
    content: Sequence[str]


class Tally(NamedTuple):
    """How many versions came to what."""

    outcomes: Mapping[str, int]
    codes: Mapping[str, int]
    """Of the rejected ones."""
    in_flight: int
    """Those without an outcome."""


class Survey(NamedTuple):
    """The storage at one moment."""

    tally: Tally
    files: Sequence[FileRow]
    """Those of the versions asked for that are known."""
    oldest: Sequence[FileRow]
    """The oldest in flight."""


class InFlight(NamedTuple):
    """Versions without an outcome: how many, and when the oldest of them was read."""

    files: int
    oldest: str | None


class Standing(NamedTuple):
    """The newest version of a file that nothing was done with since."""

    size: int
    sha256: str | None
    closed_at: str


class Archive(Protocol):
    """The side that reads. It needs no right to write, and holds up no writer."""

    async def files_of_path(self, inbox: str, path: str) -> Sequence[FileRow]:
        """Versions of the file that is, or was, at `path`: as dropped, or where it was moved to.

        Oldest first, here and in all that follow.
        """

    async def files_of_article(self, article_id: str) -> Sequence[FileRow]:
        """Versions that held this article."""

    async def files(self, version_ids: Sequence[str]) -> Sequence[FileRow]:
        """Those of the versions that are known."""

    async def standing(self, inbox: str, paths: Sequence[str]) -> Mapping[str, Standing]:
        """What is known to stand at these paths, by path."""

    async def revisions(self, article_id: str) -> Sequence[RevisionRow]:
        """The states of an article."""

    async def texts(self, article_id: str, revisions: Sequence[str]) -> Sequence[TextRow]:
        """Those of the states of an article that are known, with what they say."""

    async def in_flight(self) -> InFlight:
        """The versions that are known and have no outcome yet."""

    async def survey(self, version_ids: Sequence[str], limit: int) -> Survey:
        """Count all versions, and see at the same moment what is known of some.

        At most `limit` of those in flight come along.
        """
