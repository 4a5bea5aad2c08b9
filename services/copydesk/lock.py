"""One writer a file: a lock beside it, which ends with the process that holds it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Locked(Exception):
    """Another process holds the lock. The words name it."""


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Be the one process that writes `path`; `path.lock` beside it says so, with our pid.

    Raises Locked where another process is, and OSError where the lock file cannot be made.
    """
    lock = path.with_name(path.name + ".lock")
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise Locked(
                f"{path} is in use by another copydesk (pid {holder});"
                " stop that one first, or choose another COPYDESK_DATA"
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
