"""One round of work on the folder, in a thread: dispose of some files, look at some others.

Nothing here waits for the log. What must be published is in the round's `Harvest`. Files are moved
before the log hears of it and the log has a version before its file is moved: killed between the
two, the next start finds either in the folder or in the ledger what is to be done.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Sequence
from typing import Final

from copydesk.watcher.closed import Skipped, Taken, take
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
from copydesk.watcher.hints import Hint, Hints
from copydesk.watcher.known import RACY_NS, Known, signature, split, unpack, with_outcome
from copydesk.watcher.ledger import Ledger
from copydesk.watcher.options import DONE, REJECTED, WatcherOptions
from copydesk.watcher.outbox import TOO_LARGE, Outbox
from copydesk.watcher.receipts import Settled
from copydesk.watcher.scan import Found, Gone, Pause, Walk
from copydesk_schemas.messages import Rejection

RETRY_SECONDS: Final = 60.0
"""How long a file that could not be moved is left alone."""
BUSY_SECONDS: Final = 5.0
"""After which a file that was open for writing is looked at without an event."""
MAX_FAILED: Final = 10_000
_OWN: Final = (DONE + b"/", REJECTED + b"/")
"""Known files may stand there, from a time when they were kept: they are done with, too."""


class Rounds:
    """The work on one inbox. Its methods are called one at a time, from any thread."""

    def __init__(
        self, root: bytes, options: WatcherOptions, outbox: Outbox, ledger: Ledger, hints: Hints
    ) -> None:
        self._root = root
        self._options = options
        self._disposes = options.after != "keep"
        self._outbox = outbox
        self._ledger = ledger
        self._hints = hints
        self._disposer = Disposer(root, options.after)
        self._staged: dict[bytes, float] = {}
        """Files that must leave staging, each with when to try again (monotonic)."""
        self._to_finish: list[Due] = []
        """Staged files whose content is on its way into the log."""
        self._failed: dict[bytes, float] = {}
        """Files that could not be disposed of, each with when to try again (monotonic)."""
        self.walks: list[Walk] = []
        """Walks in progress; the last one goes first."""

    def find_left_behind(self) -> None:
        """Find what a killed watcher left in staging."""
        self._staged = dict.fromkeys(self._disposer.left_behind(), 0.0)

    def work(self, due: Sequence[Settled], hinted: Sequence[Hint]) -> Harvest:
        """Dispose of the files that are `due`, look at those `hinted` and at some of the walks'.

        Raises OSError where the inbox is away or the process lacks something.
        """
        harvest = Harvest()
        self._finish_staged(harvest)
        for path, rejection in due:
            self._dispose(path, rejection, harvest)
        self._empty_staging(harvest)
        for number, (path, finished) in enumerate(hinted):
            if harvest.full:
                harvest.unfinished.extend(hinted[number:])
                break
            self._look(path, harvest, finished=finished)
        self._walk(harvest)
        return harvest

    def seconds_to_retry(self) -> float:
        """How long nothing in staging needs anything."""
        if self._to_finish:
            return 0.0
        return max(0.0, min(self._staged.values(), default=float("inf")) - time.monotonic())

    # Disposal

    def _dispose(self, path: bytes, rejection: Rejection | None, harvest: Harvest) -> None:
        known = self._ledger.known.get(path)
        if known is None or path in self._staged or path.startswith(_OWN):
            return
        entry = unpack(known)
        if entry.outcome is not None:
            due = Due(path, known, entry, entry.outcome, rejection)
            self._note(self._disposer.dispose(due), harvest)

    def _note(self, disposal: Disposal, harvest: Harvest) -> None:
        match disposal:
            case Disposed(path):
                self._forget(disposal, harvest)
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

    def _forget(self, disposed: Disposed, harvest: Harvest) -> None:
        path, version, disposition, moved_to = disposed
        del self._ledger.known[path]
        self._failed.pop(path, None)
        now = time.time_ns() // 1000
        harvest.messages.append(self._outbox.forgotten(path, version, disposition, moved_to, now))
        harvest.disposed[disposition] += 1

    def _empty_staging(self, harvest: Harvest) -> None:
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
            taken = take(self._disposer.staged(path), path, self._settled)
            if isinstance(taken, Skipped):
                self._staged[path] = time.monotonic() + BUSY_SECONDS
                return
            self._enter(taken, harvest)
        known = self._ledger.known[path]
        entry = unpack(known)
        due = Due(path, known, entry, "rejected", TOO_LARGE)
        if any(entry.digest):  # the log has its bytes
            due = Due(path, known, entry, "superseded", None)
        self._to_finish.append(due)
        self._staged[path] = float("inf")

    def _finish_staged(self, harvest: Harvest) -> None:
        """Remove from staging what the last round put into the log."""
        for due in self._to_finish:
            result = self._disposer.finish_staged(due)
            if result is not None:
                self._note(result, harvest)
            else:
                del self._staged[due.path]
                harvest.look_again.append(due.path)
        self._to_finish.clear()

    # Looking

    def _look(self, path: bytes, harvest: Harvest, *, finished: bool = True) -> None:
        if path in self._staged:
            return
        location = self._root + b"/" + path
        try:
            status = os.lstat(location)
        except OSError:
            harvest.skipped.append(Skipped(path, "vanished"))
            return
        if not stat.S_ISREG(status.st_mode):
            link = stat.S_ISLNK(status.st_mode)
            harvest.skipped.append(Skipped(path, "symlink" if link else "not_regular"))
            return
        # A file that was just made is being written, unless it is a link to one that was there.
        if not finished and status.st_nlink == 1:
            return
        known = self._ledger.known.get(path)
        if known is not None and not self._needs_reading(path, known, status, harvest):
            return
        taken = take(location, path, self._settled)
        if isinstance(taken, Skipped):
            self._skip(taken, harvest)
        else:
            self._enter(taken, harvest)

    def _needs_reading(
        self, path: bytes, known: bytes, status: os.stat_result, harvest: Harvest
    ) -> bool:
        mark, entry = signature(status), unpack(known)
        retry = self._failed.get(path)
        if retry is not None and known.startswith(mark[:16]) and retry > time.monotonic():
            return False
        if not known.startswith(mark):
            return True
        if entry.outcome is not None and self._disposes:
            harvest.due.append(path)
            return False
        if entry.racy and time.time_ns() - max(entry.mtime_ns, entry.ctime_ns) > RACY_NS:
            return True
        harvest.skipped.append(Skipped(path, "unchanged"))
        return False

    def _skip(self, skipped: Skipped, harvest: Harvest) -> None:
        harvest.skipped.append(skipped)
        path, reason, mark = skipped
        if reason == "busy":
            harvest.look_later.append((path, BUSY_SECONDS, b""))
        elif reason == "settling":
            harvest.look_later.append((path, self._options.settle_seconds, mark))

    def _settled(self, path: bytes, status: os.stat_result) -> bool:
        """Whether a file has been left unchanged long enough, by its times or as we saw it."""
        enough = self._options.settle_seconds
        age = (time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns)) / 1e9
        return age >= enough or self._hints.unchanged_for(path, signature(status)) >= enough

    def _enter(self, taken: Taken, harvest: Harvest) -> None:
        """Put what was read into the log, unless it is there."""
        path = taken.path
        record = self._ledger.known.get(path)
        entry = None if record is None else unpack(record)
        if entry is not None and _same_content(taken, entry):
            entered = self._outbox.same(taken, entry)
            outcome = entry.outcome
            known = entered.known if outcome is None else with_outcome(entered.known, outcome)
            if outcome is not None and self._disposes:
                harvest.due.append(path)
            harvest.skipped.append(Skipped(path, "unchanged"))
        else:
            entered = self._outbox.version(taken, self._ledger.next_time())
            known = entered.known
            if taken.data is None:
                harvest.too_large.append(taken)
            else:
                harvest.published += 1
                harvest.published_bytes += len(taken.data)
                harvest.published_closed_at.append(taken.closed_at_ns)
        harvest.taken += 1
        harvest.messages += entered.messages
        self._ledger.known[path] = known

    def _walk(self, harvest: Harvest) -> None:
        """Go on with the last of the walks, up to its next pause."""
        while self.walks and not harvest.full:
            walk = self.walks[-1]
            finding = walk.next()
            if finding is None:
                harvest.finished_walks.append(self.walks.pop())
                return
            match finding:
                case Found(path):
                    self._look(path, harvest)
                case Skipped():
                    harvest.skipped.append(finding)
                case Gone(path):
                    version = unpack(self._ledger.known[path]).version
                    self._forget(Disposed(path, version, "vanished"), harvest)
                case Pause():
                    return


def _same_content(taken: Taken, entry: Known) -> bool:
    if taken.digest is not None:
        return entry.holds(taken.digest)
    size, mtime_ns, _, _ = split(taken.mark)
    return not any(entry.digest) and (size, mtime_ns) == (entry.size, entry.mtime_ns)
