"""One walk over the whole inbox: what is new, changed, or to be looked at again.

It is a generator that is walked in slices, so that neither memory nor the time that it holds up
other work grows with the inbox. A file that is known and unchanged costs one `lstat`, one look into
a dictionary and one comparison.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from copydesk.watcher.closed import Skipped
from copydesk.watcher.known import signature
from copydesk.watcher.names import Names

SLICE_ENTRIES: Final = 2000
"""After so many entries the walk offers to pause."""
LOOK_AHEAD: Final = 64


class Found(NamedTuple):
    """A regular file that must be looked at."""

    path: bytes


class Gone(NamedTuple):
    """A file that is known and no more there."""

    path: bytes


class Pause(NamedTuple):
    """Nothing was found, for a while."""


Finding = Found | Gone | Skipped | Pause


class Walk:
    """A scan in progress, and what it has cost."""

    def __init__(self, scan: Scan, start: bytes) -> None:
        """Of the folder `start`, whose name ends in a slash; empty for the whole inbox."""
        self.scan = scan
        self.whole = not start
        self.began = time.monotonic()
        self.cpu_seconds = 0.0
        self._walk = scan.walk(start)
        self._ahead: deque[Finding] = deque()

    def next(self) -> Finding | None:
        """What comes next; None at the end. Raises OSError where the inbox cannot be listed."""
        if not self._ahead:
            began = time.thread_time()
            for finding in islice(self._walk, LOOK_AHEAD):
                self._ahead.append(finding)
                if isinstance(finding, Pause):
                    break
            self.cpu_seconds += time.thread_time() - began
        return self._ahead.popleft() if self._ahead else None


class Scan:
    """A walk over the folder `root`. `watch` is called with each folder before it is listed."""

    def __init__(
        self,
        root: bytes,
        names: Names,
        known: Mapping[bytes, bytes],
        watch: Callable[[bytes], None],
        *,
        quiet: Callable[[int], bool],
        forget: bool,
    ) -> None:
        """`quiet` says of a known file's flags whether it needs nothing while it is unchanged.
        With `forget` the known files that are gone are found, too.
        """
        self._root = root
        self._names = names
        self._known = known
        self._watch = watch
        self._quiet = frozenset(flags for flags in range(256) if quiet(flags))
        self._forget = forget
        self.files = 0
        """Entries seen so far."""
        self._met = 0

    def walk(self, start: bytes = b"") -> Iterator[Finding]:
        """Everything in and below the folder `start`, whose name ends in a slash, or the inbox.

        Raises OSError where the inbox itself cannot be listed.
        """
        expected = len(self._known)
        folders = [start]
        while folders:
            folder = folders.pop()
            self._watch(folder)
            try:
                with os.scandir(self._root + b"/" + folder) as entries:
                    yield from self._list(folder, entries, folders)
            except OSError as error:
                if not folder:
                    raise
                if not isinstance(error, FileNotFoundError | NotADirectoryError):
                    yield Skipped(folder, "unreadable")
        # An inbox with nothing in it may be a file system that is not mounted.
        if self._forget and not start and self._met < expected and self.files:
            yield from self._gone()

    def _list(
        self, folder: bytes, entries: Iterator[os.DirEntry[bytes]], folders: list[bytes]
    ) -> Iterator[Finding]:
        known, quiet, since_pause = self._known, self._quiet, 0
        for entry in entries:
            path = folder + entry.name
            record = known.get(path)
            since_pause += 1
            if record is not None:
                self._met += 1
                try:
                    unchanged = record.startswith(signature(entry.stat(follow_symlinks=False)))
                except OSError:
                    continue
                if not unchanged or record[-1] not in quiet:
                    yield Found(path)
            elif entry.is_dir(follow_symlinks=False):
                if self._names.enters(path):
                    folders.append(path + b"/")
            elif self._names.admits(path):
                yield _found(path, entry)
            if since_pause == SLICE_ENTRIES:
                self.files += since_pause
                since_pause = 0
                yield Pause()
        self.files += since_pause

    def _gone(self) -> Iterator[Finding]:
        for number, path in enumerate(list(self._known)):
            if not number % SLICE_ENTRIES:
                yield Pause()
            try:
                os.lstat(self._root + b"/" + path)
            except (FileNotFoundError, NotADirectoryError):
                yield Gone(path)
            except OSError:
                continue


def _found(path: bytes, entry: os.DirEntry[bytes]) -> Finding:
    if entry.is_file(follow_symlinks=False):
        return Found(path)
    return Skipped(path, "symlink" if entry.is_symlink() else "not_regular")
