"""What a watcher tells of its work: each path that is left alone or stuck is named once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from typing import Final

from copydesk.telemetry.occurrences import Telemetry
from copydesk.telemetry.progress import RejectedSample
from copydesk.watcher.closed import Skipped, SkipReason
from copydesk.watcher.harvest import Harvest
from copydesk.watcher.outbox import TOO_LARGE
from copydesk_schemas.paths import path_to_text

MAX_NAMED: Final = 10_000
_LASTING: Final[frozenset[SkipReason]] = frozenset({"symlink", "not_regular", "unreadable"})


class Telling:
    """Tells `telemetry`, and remembers what it has named."""

    def __init__(self, telemetry: Telemetry) -> None:
        self.telemetry = telemetry
        self._named: set[tuple[str, bytes]] = set()
        self._why_blind: str | None = None

    def round(self, harvest: Harvest, known: int) -> None:
        """A round was published."""
        telemetry, large = self.telemetry, harvest.too_large
        if harvest.published or large:
            telemetry.files_observed(harvest.published + len(large))
        if harvest.published:
            waits = _since(harvest.published_closed_at)
            telemetry.files_published(harvest.published, harvest.published_bytes, waits)
        if large:
            code, reason = TOO_LARGE["code"], TOO_LARGE["reason"]
            example = RejectedSample(path_to_text(large[-1].path), code, reason)
            telemetry.files_too_large(_since(taken.closed_at_ns for taken in large), example)
        for disposition, count in harvest.disposed.items():
            telemetry.files_disposed(disposition, count)
        if harvest.messages:
            telemetry.known_files(known)
        self._skipped(harvest.skipped)
        for path, why, _ in harvest.failed:
            if self._first(f"failed: {why}", path):
                telemetry.disposal_failed(path_to_text(path), why)

    def blind(self, inbox: str, why: str | None) -> None:
        """Events do not tell everything, or they do again."""
        if why is not None and why != self._why_blind:
            self.telemetry.watcher_polls(inbox, why)
        self._why_blind = why

    def _skipped(self, skipped: list[Skipped]) -> None:
        passing: Counter[SkipReason] = Counter()
        for path, reason, _ in skipped:
            if reason not in _LASTING:
                passing[reason] += 1
            elif self._first(reason, path):
                self.telemetry.files_skipped(reason, 1, path_to_text(path))
        for reason, count in passing.items():
            self.telemetry.files_skipped(reason, count)

    def _first(self, what: str, path: bytes) -> bool:
        """Whether this is to be told: never before, and not too much in all."""
        if (what, path) in self._named or len(self._named) >= MAX_NAMED:
            return False
        self._named.add((what, path))
        return True


def _since(times: Iterable[int]) -> list[float]:
    """Seconds from each of `times`, nanoseconds, until now."""
    now = time.time_ns()
    return [max(0, now - then) / 1e9 for then in times]
