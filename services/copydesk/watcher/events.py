"""Events of the inbox and all its folders, as hints.

Events say when to look, never what is there: the look decides. Whatever they miss a scan finds.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Final, Self

from copydesk.watcher import inotify
from copydesk.watcher.hints import Hints
from copydesk.watcher.inotify import Event, Inotify
from copydesk.watcher.names import Names

_MASK: Final = (
    inotify.CLOSE_WRITE
    | inotify.MOVED_TO
    | inotify.CREATE
    | inotify.ATTRIB
    | inotify.DELETE_SELF
    | inotify.MOVE_SELF
    | inotify.ONLY_DIRECTORY
    | inotify.DONT_FOLLOW
    | inotify.EXCLUDE_UNLINKED
)
_LEFT: Final = inotify.DELETE_SELF | inotify.MOVE_SELF | inotify.UNMOUNT
_FINISHED: Final = inotify.CLOSE_WRITE | inotify.MOVED_TO | inotify.ATTRIB


class FolderEvents:
    """Watches of the folder `root` and of every folder that `watch` is called with."""

    def __init__(
        self, root: bytes, names: Names, hints: Hints, on_lost: Callable[[], None]
    ) -> None:
        """`on_lost` is called when the kernel's queue has overflowed."""
        self._root = root
        self._names = names
        self._hints = hints
        self._on_lost = on_lost
        self._folders: dict[int, bytes] = {}
        # A scan adds watches in its thread. A watch's first event must find its folder's name.
        self._lock = threading.Lock()
        self._inotify: Inotify | None = None
        self.why_none: str | None = None
        """Why there are no events, or not of every folder."""

    def __enter__(self) -> Self:
        try:
            self._inotify = Inotify()
        except OSError as error:
            self.why_none = f"folder events cannot be had: {error}"
        else:
            asyncio.get_running_loop().add_reader(self._inotify.file, self._read)
        return self

    def __exit__(self, *_: object) -> None:
        if self._inotify is not None:
            asyncio.get_running_loop().remove_reader(self._inotify.file)
            self._inotify.close()

    def watch(self, folder: bytes) -> None:
        """Watch `folder`, relative to the root, its name ending in a slash; or the root itself."""
        if self._inotify is None:
            return
        with self._lock:
            try:
                number = self._inotify.add(self._root + b"/" + folder, _MASK)
            except (FileNotFoundError, NotADirectoryError, PermissionError):
                return  # listing it says so
            except OSError as error:
                self.why_none = (
                    f"the folder's events cannot all be had ({error.strerror});"
                    " raise fs.inotify.max_user_watches"
                )
                return
            self._folders[number] = folder

    def _read(self) -> None:
        if self._inotify is None:
            return
        with self._lock:
            for event in self._inotify.read():
                self._handle(event)

    def _handle(self, event: Event) -> None:
        watch, mask, name = event
        if mask & inotify.OVERFLOW:
            self._on_lost()
            self._hints.everything()
            return
        folder = self._folders.get(watch)
        if folder is None:
            return
        if mask & inotify.IGNORED:
            del self._folders[watch]
        elif mask & _LEFT:
            self._leave(folder)
        elif name:
            self._name(folder + name, mask)

    def _name(self, path: bytes, mask: int) -> None:
        if mask & inotify.IS_DIRECTORY:
            if self._names.enters(path):
                self._hints.folder(path + b"/")
        elif self._names.admits(path):
            self._hints.file(path, finished=bool(mask & _FINISHED))

    def _leave(self, folder: bytes) -> None:
        """A folder is not where it was. What was in it may be elsewhere in the inbox by now."""
        if not folder:
            self._hints.root_gone()
            return
        for watch in [number for number, at in self._folders.items() if at.startswith(folder)]:
            if self._inotify is not None:
                self._inotify.remove(watch)
            del self._folders[watch]
        self._hints.everything()
