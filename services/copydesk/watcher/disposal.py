"""What becomes of a file whose outcome is known, and nothing else than that file.

Between the reading of a file and its outcome somebody may write to it, or put another in its place.
So it is first renamed into a hidden staging folder, where nobody finds it any more; there it is
compared with what was read. Only if it is that version, and nobody has it open for writing, it is
moved on or deleted. If not it is put back. If its name is taken by then, the content must go into
the log before the staged file is removed.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from typing import Literal, NamedTuple

import orjson

from copydesk.watcher.closed import OPEN, written_to
from copydesk.watcher.known import Known, signature, split
from copydesk.watcher.options import DONE, ERROR_SUFFIX, REJECTED, STAGING, After
from copydesk.watcher.places import free_names, move, put, put_with_explanation, with_folder
from copydesk_schemas import times
from copydesk_schemas.ids import uuid_text
from copydesk_schemas.messages import Outcome, Rejection
from copydesk_schemas.paths import path_to_text

Disposition = Literal["moved", "rejected", "deleted", "vanished", "put_back"]
"""What was done with a file; `rejected` is a move, too."""


class Due(NamedTuple):
    """A file that must go. `entry` is `known`, unpacked. Of a rejected one the rejection."""

    path: bytes
    known: bytes
    entry: Known
    outcome: Outcome
    rejection: Rejection | None


class Disposed(NamedTuple):
    """The file is done with."""

    path: bytes
    version: bytes
    disposition: Disposition
    moved_to: bytes | None = None


class Changed(NamedTuple):
    """What stands at the path is not what was read. It must be looked at again."""

    path: bytes
    put_back: bool


class Displaced(NamedTuple):
    """What was staged is not what was read, and another file stands at its path by now."""

    path: bytes


class Failed(NamedTuple):
    """The file stays where it is: at its path, or in staging."""

    path: bytes
    why: str
    staged: bool = False


Disposal = Disposed | Changed | Displaced | Failed


class Disposer:
    """Moves or deletes files of the inbox `root`."""

    def __init__(self, root: bytes, after: After) -> None:
        self._root = root
        self._after = after
        self._staging = root + b"/" + STAGING

    def staged(self, path: bytes) -> bytes:
        """Where the file at `path` stands while it is staged."""
        return self._staging + b"/" + path

    def dispose(self, due: Due) -> Disposal:
        """Move or delete the file of `due`, if it is still the version that was read."""
        here, there = self._root + b"/" + due.path, self.staged(due.path)
        try:
            if not due.known.startswith(signature(os.lstat(here))):
                return Changed(due.path, put_back=False)
            if os.path.lexists(there):
                return Failed(due.path, "an earlier file of that name is in staging", staged=True)
            with_folder(there, lambda: os.rename(here, there))
        except (FileNotFoundError, NotADirectoryError):
            return self._gone(due)
        except OSError as error:
            return Failed(due.path, _words(error))
        return self._dispose_staged(due)

    def finish_staged(self, due: Due) -> Failed | None:
        """Remove the staged file of `due`, whose content is in the log; or move it to the rejected
        ones if it was too large for that. Whatever stands at its path is left alone.
        """
        try:
            if due.outcome == "rejected":
                self._move_on(due)
            else:
                os.unlink(self.staged(due.path))
        except OSError as error:
            return Failed(due.path, _words(error), staged=True)
        return None

    def put_back(self, path: bytes) -> Changed | Displaced | Failed:
        """Put the staged file back to its path."""
        try:
            move(self.staged(path), self._root + b"/" + path)
        except FileExistsError:
            return Displaced(path)
        except OSError as error:
            return Failed(path, f"it cannot leave {os.fsdecode(STAGING)}: {_words(error)}", True)
        return Changed(path, put_back=True)

    def left_behind(self) -> Iterator[bytes]:
        """Paths of what was staged when the watcher was killed. Empty folders are removed."""
        start = len(self._staging) + 1
        for folder, _, files in os.walk(self._staging, topdown=False):
            for name in files:
                yield os.path.join(folder, name)[start:]
            if folder != self._staging and not files:
                _remove_if_empty(folder)

    def is_staged_version(self, path: bytes, entry: Known) -> bool:
        """Whether what is staged is the version of `entry`, and nobody has it open for writing.

        Its ctime was changed by the rename. Where inode and mtime cannot be relied on the content
        decides.
        """
        file = os.open(self.staged(path), OPEN)
        try:
            if written_to(file):
                return False
            status = os.fstat(file)
            size, mtime_ns, _, inode = split(signature(status))
            if not stat.S_ISREG(status.st_mode) or (size, mtime_ns) != (entry.size, entry.mtime_ns):
                return False
            if inode == entry.inode and not entry.racy:
                return True
            return _holds(file, entry)
        finally:
            os.close(file)

    def _dispose_staged(self, due: Due) -> Disposal:
        try:
            if not self.is_staged_version(due.path, due.entry):
                return self.put_back(due.path)
            return self._move_on(due)
        except OSError as error:
            back = self.put_back(due.path)
            return Failed(due.path, _words(error)) if isinstance(back, Changed) else back

    def _move_on(self, due: Due) -> Disposed:
        there = self.staged(due.path)
        names = self._names(due)
        if due.outcome == "rejected":
            explanation = _explanation(due)
            name = put_with_explanation(there, self._root, names, explanation)
            return Disposed(due.path, due.entry.version, "rejected", name)
        if self._after == "delete":
            os.unlink(there)
            return Disposed(due.path, due.entry.version, "deleted")
        return Disposed(due.path, due.entry.version, "moved", put(there, self._root, names))

    def _names(self, due: Due) -> Iterator[bytes]:
        entry = due.entry
        rejected = due.outcome == "rejected"
        folder = REJECTED if rejected else DONE
        tag = (entry.digest if any(entry.digest) else entry.version)[:4].hex()
        room = len(ERROR_SUFFIX) if rejected else 0
        return free_names(folder + b"/" + due.path, tag, room)

    def _gone(self, due: Due) -> Disposed:
        """The file is not there: its user took it, or it was moved and then we were killed."""
        if due.outcome != "rejected" and self._after == "delete":
            return Disposed(due.path, due.entry.version, "deleted")
        for name in self._names(due):
            try:
                status = os.lstat(self._root + b"/" + name)
            except OSError:
                break
            if status.st_ino == due.entry.inode and signature(status)[:16] == due.known[:16]:
                rejected = due.outcome == "rejected"
                return Disposed(
                    due.path, due.entry.version, "rejected" if rejected else "moved", name
                )
        return Disposed(due.path, due.entry.version, "vanished")


def _holds(file: int, entry: Known) -> bool:
    if not any(entry.digest):
        return True
    return entry.holds(sha256(os.read(file, entry.size + 1)).digest())


def _explanation(due: Due) -> bytes:
    return orjson.dumps(
        {
            **(due.rejection or {}),
            "path": path_to_text(due.path),
            "version_id": uuid_text(due.entry.version),
            "observed_at": times.to_text(due.entry.observed_at),
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )


def _words(error: OSError) -> str:
    if error.errno == errno.EXDEV:
        return "it is on another file system than the inbox; use --after keep"
    return error.strerror or str(error)


def _remove_if_empty(folder: bytes) -> None:
    try:
        os.rmdir(folder)
    except OSError:
        return
