"""Clearing away the files whose outcome is known, and what a killed watcher left in staging."""

from __future__ import annotations

import time
from typing import Final

from copydesk.watcher.closed import Skipped
from copydesk.watcher.disposal import (
    Changed,
    Displaced,
    Disposal,
    Disposed,
    Disposer,
    Due,
    Failed,
)
from copydesk.watcher.harvest import Harvest
from copydesk.watcher.known import unpack
from copydesk.watcher.ledger import Ledger
from copydesk.watcher.looking import BUSY_SECONDS, Looking
from copydesk.watcher.options import DONE, REJECTED
from copydesk.watcher.outbox import TOO_LARGE, Outbox
from copydesk_schemas.messages import Rejection

RETRY_SECONDS: Final = 60.0
"""How long a file that could not be moved is left alone."""
MAX_FAILED: Final = 10_000
_OWN: Final = (DONE + b"/", REJECTED + b"/")
"""Known files may stand there, from a time when they were kept: they are done with, too."""


class Clearing:
    """Disposes of files by `disposer`; what cannot go yet it notes in `staged` and `failed`."""

    def __init__(
        self,
        disposer: Disposer,
        outbox: Outbox,
        ledger: Ledger,
        looking: Looking,
        *,
        staged: dict[bytes, float],
        failed: dict[bytes, float],
    ) -> None:
        """`staged` are files that must leave staging, `failed` those that could not be disposed
        of, each with when to try again (monotonic).
        """
        self._disposer = disposer
        self._outbox = outbox
        self._ledger = ledger
        self._looking = looking
        self._staged = staged
        self._failed = failed
        self._to_finish: list[Due] = []
        """Staged files whose content is on its way into the log."""

    def find_left_behind(self) -> None:
        """Find what a killed watcher left in staging."""
        self._staged.update(dict.fromkeys(self._disposer.left_behind(), 0.0))

    def seconds_to_retry(self) -> float:
        """How long nothing in staging needs anything."""
        if self._to_finish:
            return 0.0
        return max(0.0, min(self._staged.values(), default=float("inf")) - time.monotonic())

    def dispose(self, path: bytes, rejection: Rejection | None, harvest: Harvest) -> None:
        """Move or delete the file at `path`, as its outcome demands; of a rejected one say why."""
        known = self._ledger.known.get(path)
        if known is None or path in self._staged or path.startswith(_OWN):
            return
        entry = unpack(known)
        if entry.outcome is not None:
            due = Due(path, known, entry, entry.outcome, rejection)
            self._note(self._disposer.dispose(due), harvest)

    def forget(self, disposed: Disposed, harvest: Harvest) -> None:
        """The file is done with: the ledger drops it."""
        path, version, disposition, moved_to = disposed
        del self._ledger.known[path]
        self._failed.pop(path, None)
        now = time.time_ns() // 1000
        harvest.messages.append(self._outbox.forgotten(path, version, disposition, moved_to, now))
        harvest.disposed[disposition] += 1

    def finish_staged(self, harvest: Harvest) -> None:
        """Remove from staging what the last round put into the log."""
        for due in self._to_finish:
            result = self._disposer.finish_staged(due)
            if result is not None:
                self._note(result, harvest)
            else:
                del self._staged[due.path]
                harvest.look_again.append(due.path)
        self._to_finish.clear()

    def empty_staging(self, harvest: Harvest) -> None:
        """Put back what is staged, or take it in where another file has its name."""
        now = time.monotonic()
        for path in [path for path, again in self._staged.items() if again <= now]:
            if harvest.full:
                return
            result = self._disposer.put_back(path)
            if isinstance(result, Displaced):
                self._take_staged(path, harvest)
            else:
                if isinstance(result, Changed):
                    del self._staged[path]
                self._note(result, harvest)

    def _take_staged(self, path: bytes, harvest: Harvest) -> None:
        known = self._ledger.known.get(path)
        try:
            in_log = known is not None and self._disposer.is_staged_version(path, unpack(known))
        except OSError:
            in_log = False
        if not in_log:
            taken = self._looking.read(self._disposer.staged(path), path, harvest)
            if isinstance(taken, Skipped):
                self._staged[path] = time.monotonic() + BUSY_SECONDS
                return
            self._looking.enter(taken, harvest)
        known = self._ledger.known[path]
        entry = unpack(known)
        due = Due(path, known, entry, "rejected", TOO_LARGE)
        if any(entry.digest):  # the log has its bytes
            due = Due(path, known, entry, "superseded", None)
        self._to_finish.append(due)
        self._staged[path] = float("inf")

    def _note(self, disposal: Disposal, harvest: Harvest) -> None:
        match disposal:
            case Disposed(path):
                self.forget(disposal, harvest)
            case Changed(path, put_back):
                harvest.disposed["put_back"] += put_back
                harvest.look_again.append(path)
            case Displaced(path):
                self._staged[path] = 0.0
            case Failed(path, _, staged):
                harvest.failed.append(disposal)
                again = time.monotonic() + RETRY_SECONDS
                if staged:
                    self._staged[path] = again
                elif len(self._failed) < MAX_FAILED:
                    self._failed[path] = again
