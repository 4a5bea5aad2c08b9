"""When the folder is scanned."""

from __future__ import annotations

import sys
import time
from typing import Final

from copydesk.watcher.events import FolderEvents
from copydesk.watcher.hints import Hints
from copydesk.watcher.known import is_quiet
from copydesk.watcher.ledger import Ledger
from copydesk.watcher.mounts import type_elsewhere
from copydesk.watcher.names import Names
from copydesk.watcher.options import WatcherOptions
from copydesk.watcher.scan import Scan, Walk

BLIND_SCAN_SECONDS: Final = 5.0 if sys.platform == "linux" else 1.0
"""How often at the least where events do not tell everything."""
REST: Final = 150
"""While events work, a pause is at least this many times the CPU time of the scan before it: so
idle watching stays under one percent of a core, however many files there are."""
BLIND_REST: Final = 20


class Schedule:
    """Which walks are to be made over the inbox `root`."""

    def __init__(
        self,
        *,
        root: bytes,
        options: WatcherOptions,
        names: Names,
        ledger: Ledger,
        events: FolderEvents,
        hints: Hints,
    ) -> None:
        self._root = root
        self._names = names
        self._ledger = ledger
        self._events = events
        self._hints = hints
        self._scan_seconds = options.scan_seconds
        self._disposes = options.after != "keep"
        kind = type_elsewhere(root)
        self._elsewhere = kind and f"other machines may change its file system ({kind}) unseen"

    def why_blind(self) -> str | None:
        """Why events do not tell everything; None where they do."""
        return self._elsewhere or self._events.why_none

    def begin(self, walks: list[Walk]) -> None:
        """Add to `walks` those that are due now; the last one is the most urgent."""
        if self._hints.scan_at <= time.monotonic() and not any(walk.whole for walk in walks):
            self._hints.scan_at = float("inf")
            walks.insert(0, Walk(self._scan(forget=not self._disposes), b""))
        folder = self._hints.take_folder()
        if folder is not None:
            walks.append(Walk(self._scan(forget=False), folder))

    def finished(self, walk: Walk) -> None:
        """A walk is at its end. Where that was a scan, set the time of the next."""
        if not walk.whole:
            return
        blind = self.why_blind()
        pause = min(self._scan_seconds, BLIND_SCAN_SECONDS) if blind else self._scan_seconds
        rest = walk.cpu_seconds * (BLIND_REST if blind else REST)
        self._hints.scan_at = min(self._hints.scan_at, time.monotonic() + max(pause, rest))

    def _scan(self, *, forget: bool) -> Scan:
        return Scan(
            self._root,
            self._names,
            self._ledger.known,
            self._events.watch,
            quiet=lambda flags: is_quiet(flags, disposes=self._disposes),
            forget=forget,
        )
