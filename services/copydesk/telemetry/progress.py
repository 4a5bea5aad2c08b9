"""How far this process is: what `/readyz` and the live view show."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from copydesk.transport.api import Lag

SHOWN = 4
"""How many of the last articles are kept for showing."""


FIELDS = ("content", "highlights", "summary")
"""What the parser repairs."""


class StoredSample(NamedTuple):
    """An article that was stored, as a reader knows it."""

    title: str
    site: str


class RejectedSample(NamedTuple):
    """A rejection, as the person who dropped the file knows it. `path` is text (`paths.py`)."""

    path: str
    code: str
    reason: str


class Counted(NamedTuple):
    """A batch that a stage has committed."""

    records: int
    size: int
    """Bytes of its records' values."""
    seconds: float
    """From its arrival to its commit."""
    waits: Sequence[float]
    """Seconds from each record's appending to the commit."""
    outcomes: Mapping[str, int] = {}
    """Its records by what they came to."""
    rejections: Mapping[str, int] = {}
    """Those that were rejected, by code."""
    latencies: Mapping[str, Sequence[float]] = {}
    """Seconds from file closed to outcome decided, by outcome."""
    unrepaired: Mapping[str, int] = {}
    """Fields that went out as they came, because their repair broke a law, by name."""


class Snapshot(NamedTuple):
    """Totals since the process started, and the present state of its stages."""

    seen: int
    stored: int
    rejected: int
    known: int
    ready: Mapping[str, bool]
    waiting: Mapping[str, str]
    """Why a stage waits; stages that do not are absent."""
    lag: Mapping[str, Lag]
    articles: Sequence[StoredSample]
    """The last few, newest first."""
    rejection: RejectedSample | None


@dataclass
class Progress:
    """What the occurrences add up to. Only `Telemetry` writes it, on the event loop's thread."""

    ready: dict[str, bool]
    seen: int = 0
    stored: int = 0
    rejected: int = 0
    known: int = 0
    waiting: dict[str, str] = field(default_factory=dict)
    lag: dict[str, Lag] = field(default_factory=dict)
    articles: deque[StoredSample] = field(default_factory=lambda: deque(maxlen=SHOWN))
    rejection: RejectedSample | None = None

    def snapshot(self) -> Snapshot:
        """A copy that does not change any more."""
        return Snapshot(
            self.seen,
            self.stored,
            self.rejected,
            self.known,
            dict(self.ready),
            dict(self.waiting),
            dict(self.lag),
            tuple(self.articles),
            self.rejection,
        )
