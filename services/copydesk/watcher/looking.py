"""Looking at one file: whether it is new, may be read, and what of it must be published."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Container, Mapping
from typing import Final

from copydesk.watcher.closed import Skipped, Taken, take
from copydesk.watcher.harvest import Harvest
from copydesk.watcher.hints import Hints
from copydesk.watcher.known import RACY_NS, Known, signature, split, unpack, with_outcome
from copydesk.watcher.ledger import Ledger
from copydesk.watcher.options import WatcherOptions
from copydesk.watcher.outbox import Outbox

BUSY_SECONDS: Final = 5.0
"""After which a file that was open for writing is looked at without an event."""


class Looking:
    """Reads files of the inbox `root`. Those `staged` are left alone, those `failed` until then."""

    def __init__(
        self,
        root: bytes,
        options: WatcherOptions,
        outbox: Outbox,
        ledger: Ledger,
        hints: Hints,
        *,
        staged: Container[bytes],
        failed: Mapping[bytes, float],
    ) -> None:
        """`failed` are known files that could not be disposed of, each with when to try again
        (monotonic).
        """
        self._root = root
        self._options = options
        self._disposes = options.after != "keep"
        self._outbox = outbox
        self._ledger = ledger
        self._hints = hints
        self._staged = staged
        self._failed = failed

    def look(self, path: bytes, harvest: Harvest, *, finished: bool = True) -> None:
        """Read the file at `path`, if it is new and nobody writes to it."""
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
        taken = self.read(location, path, harvest)
        if isinstance(taken, Skipped):
            self._skip(taken, harvest)
        else:
            harvest.taken.append(taken)

    def read(self, location: bytes, path: bytes, harvest: Harvest) -> Taken | Skipped:
        """The file at `location`, which is `path` in the inbox, as it stands. See `closed.take`."""
        taken = take(location, path, self._settled)
        if isinstance(taken, Taken):
            harvest.read_files += 1
            harvest.read_bytes += len(taken.data or b"")
        return taken

    def enter_all(self, harvest: Harvest) -> None:
        """Put what was taken into the log.

        First all are read, then all are entered: a file at a time, reading and entering push each
        other's code out of the processor's caches, and take a sixth longer.
        """
        for taken in harvest.taken:
            self.enter(taken, harvest)

    def enter(self, taken: Taken, harvest: Harvest) -> None:
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
        harvest.messages += entered.messages
        self._ledger.known[path] = known

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


def _same_content(taken: Taken, entry: Known) -> bool:
    if taken.digest is not None:
        return entry.holds(taken.digest)
    size, mtime_ns, _, _ = split(taken.mark)
    return not any(entry.digest) and (size, mtime_ns) == (entry.size, entry.mtime_ns)
