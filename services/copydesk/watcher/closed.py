"""Reading a file that nobody is writing to.

A read lease (`fcntl(2)`, F_SETLEASE) is granted only while no process has the file open for
writing, and whoever opens it for writing while we hold the lease waits in `open` until we let go.
So what is read under a lease is one true state of the file. Where leases are refused (another
owner's file, a network file system, another system than Linux) a file must have been left unchanged
for a while.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Final, Literal, NamedTuple

from copydesk.watcher.known import signature, split
from copydesk.watcher.options import MAX_FILE_BYTES

SkipReason = Literal[
    "symlink", "not_regular", "unreadable", "busy", "settling", "vanished", "unchanged"
]
"""Why a file is left alone. `busy`: somebody has it open for writing."""


class Taken(NamedTuple):
    """A state of the file at `path`, relative to the inbox. Without `data` it is too large."""

    path: bytes
    mark: bytes
    """Its `known.signature`."""
    data: bytes | None
    digest: bytes | None
    read_at_ns: int

    @property
    def closed_at_ns(self) -> int:
        """When it was last written or put there; a clock that was wrong then is not believed."""
        return min(split(self.mark)[2], self.read_at_ns)


class Skipped(NamedTuple):
    """A file that is left alone. `mark` is its signature where it may be ready later."""

    path: bytes
    reason: SkipReason
    mark: bytes = b""


Settled = Callable[[bytes, os.stat_result], bool]
"""Whether a file without a lease, by its path and status, has been left unchanged long enough."""

OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_GONE: Final = {errno.ENOENT, errno.ENOTDIR, errno.ESTALE}
_REASONS: Final[dict[int, SkipReason]] = {
    **dict.fromkeys(_GONE, "vanished"),
    errno.ELOOP: "symlink",
    errno.ENXIO: "not_regular",
    errno.EISDIR: "not_regular",
}
_OURS: Final = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}
"""Not the file's fault: the process has run out of something."""
_LEASES: Final = hasattr(fcntl, "F_SETLEASE")


def take(location: bytes, path: bytes, settled: Settled) -> Taken | Skipped:
    """The file at `location`, which is `path` in the inbox, as it stands.

    The caller has seen that a regular file stands there: devices must not be opened. Raises OSError
    only where the process itself lacks something.
    """
    try:
        file = os.open(location, OPEN)
    except OSError as error:
        return _skipped(path, error)
    try:
        return _take(file, path, settled)
    except OSError as error:
        return _skipped(path, error)
    finally:
        os.close(file)


def ignore_lease_breaks() -> None:
    """Survive that somebody opens a file for writing while we hold a lease on it.

    That sends SIGIO, whose default ends the process. To be called from the main thread.
    """
    signal.signal(signal.SIGIO, signal.SIG_IGN)


def written_to(file: int) -> bool | None:
    """Whether somebody has `file` open for writing; None where that cannot be known.

    It leaves a lease on `file` where the answer is no.
    """
    if not _LEASES:
        return None
    try:
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    return False


def _take(file: int, path: bytes, settled: Settled) -> Taken | Skipped:
    busy = written_to(file)
    if busy:
        return Skipped(path, "busy")
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode):
        return Skipped(path, "not_regular")
    mark = signature(status)
    if busy is None and not settled(path, status):
        return Skipped(path, "settling", mark)
    read_at = time.time_ns()
    if status.st_size > MAX_FILE_BYTES:
        return Taken(path, mark, None, None, read_at)
    data = os.read(file, status.st_size + 1)
    if len(data) != status.st_size or (busy is None and signature(os.fstat(file)) != mark):
        return Skipped(path, "busy")
    return Taken(path, mark, data, sha256(data).digest(), read_at)


def _skipped(path: bytes, error: OSError) -> Skipped:
    if error.errno in _OURS:
        raise error
    return Skipped(path, _REASONS.get(error.errno or 0, "unreadable"))
