"""Where to look next: hints from events, files to be looked at later, the next scan.

All of it is bounded. What does not fit is not kept: the next scan finds it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice
from typing import Final, NamedTuple

MAX_HINTS: Final = 20_000
MAX_FOLDERS: Final = 1_000
MAX_WAITING: Final = 10_000


Hint = tuple[bytes, bool]
"""A path, and whether the file was finished by what happened to it, as far as events can say."""


class Waiting(NamedTuple):
    """A file to be looked at again at `due`. Its `mark` was first seen `since`. Monotonic time."""

    due: float
    since: float
    mark: bytes


class Hints:
    """What may be new in an inbox. `wake` is called when something comes in."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._files: dict[bytes, bool] = {}
        self._folders: dict[bytes, None] = {}
        self._waiting: dict[bytes, Waiting] = {}
        self._next_due = float("inf")
        self.scan_at = 0.0
        """When the next scan is due, monotonic."""
        self.root_lost = False
        """The inbox itself was moved or deleted."""

    def file(self, path: bytes, *, finished: bool = True) -> None:
        """Something happened to a file."""
        if len(self._files) >= MAX_HINTS:
            self.everything()
            return
        if finished or path not in self._files:
            self._files[path] = finished
        self._wake()

    def folder(self, path: bytes) -> None:
        """A folder is new; its name ends in a slash."""
        if len(self._folders) >= MAX_FOLDERS:
            self.everything()
            return
        self._folders[path] = None
        self._wake()

    def everything(self) -> None:
        """Hints were lost."""
        self.scan_at = 0.0
        self._wake()

    def root_gone(self) -> None:
        """The inbox itself is gone."""
        self.root_lost = True
        self._wake()

    def later(self, path: bytes, seconds: float, mark: bytes = b"") -> None:
        """Look at `path` again in so many seconds."""
        now = time.monotonic()
        before = self._waiting.get(path)
        since = before.since if before and before.mark == mark else now
        if before or len(self._waiting) < MAX_WAITING:
            self._waiting[path] = Waiting(now + seconds, since, mark)
            self._next_due = min(self._next_due, now + seconds)

    def unchanged_for(self, path: bytes, mark: bytes) -> float:
        """For how many seconds the file was seen with this signature, at the least."""
        waiting = self._waiting.get(path)
        return time.monotonic() - waiting.since if waiting and waiting.mark == mark else 0.0

    def settled(self, path: bytes) -> None:
        """The file needs no waiting for any more."""
        self._waiting.pop(path, None)

    def take_files(self, count: int) -> list[Hint]:
        """Up to `count` hints, oldest first."""
        now = time.monotonic()
        if self._next_due <= now:
            for path, waiting in self._waiting.items():
                if waiting.due <= now:
                    self._files.setdefault(path, True)
            self._next_due = min(
                (waiting.due for waiting in self._waiting.values() if waiting.due > now),
                default=float("inf"),
            )
        taken = list(islice(self._files.items(), count))
        for path, _ in taken:
            del self._files[path]
        return taken

    def take_folder(self) -> bytes | None:
        """A new folder."""
        for folder in self._folders:
            del self._folders[folder]
            return folder
        return None

    def seconds_to_next(self) -> float:
        """How long there is nothing to be done."""
        if self._files or self._folders:
            return 0.0
        return max(0.0, min(self._next_due, self.scan_at) - time.monotonic())
