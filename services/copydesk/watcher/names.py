"""Which files are taken, judged by their names alone.

Patterns are the shell's (`*`, `?`, `[abc]`). One without a slash is held against the file's own
name, one with a slash against the whole path relative to the inbox, where `*` matches slashes,
too: `sports/*` is everything in and below `sports`. A file must match one of `include` and none of
`exclude`. Whatever the patterns say, left alone are names that begin with a dot (files and folders;
rsync's temporary names among them), names that programs give to unfinished files, and the
explanations that copydesk itself puts beside rejected files.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Sequence
from typing import Final

from copydesk.watcher.options import DONE, ERROR_SUFFIX, REJECTED, After, WatcherOptions

_UNFINISHED: Final = (
    *(b"~", b".tmp", b".part", b".partial", b".filepart", b".crdownload", b".download"),
    *(b".swp", b".swx"),
)

Match = Callable[[str], object]


class Names:
    """The rules for names of one inbox. Paths are relative to it."""

    def __init__(self, include: Sequence[str], exclude: Sequence[str], after: After) -> None:
        self._all = "*" in include
        self._include = [_matcher(pattern) for pattern in include]
        self._exclude = [_matcher(pattern) for pattern in exclude]
        # With `keep` they are folders like any other: nothing is ever put there.
        self._own = frozenset() if after == "keep" else frozenset({DONE, REJECTED})

    def enters(self, folder: bytes) -> bool:
        """Whether files in `folder` may be taken, whose parents are entered."""
        return not folder.rpartition(b"/")[2].startswith(b".") and folder not in self._own

    def admits(self, path: bytes) -> bool:
        """Whether the file at `path` may be taken, in a folder that is entered."""
        return self._refusal(path, path.rpartition(b"/")[2]) is None

    def why_not(self, path: bytes) -> str | None:
        """Why the file at `path` is not taken, as the rest of a sentence; None where it is."""
        folder = b""
        for part in path.split(b"/")[:-1]:
            folder = folder + b"/" + part if folder else part
            if folder in self._own:
                return "it stands in a folder that copydesk puts finished files into"
            if part.startswith(b"."):
                return "it stands in a hidden folder"
        return self._refusal(path, path.rpartition(b"/")[2])

    def _refusal(self, path: bytes, name: bytes) -> str | None:
        if name.startswith(b"."):
            return "its name begins with a dot"
        lower = name.lower()
        locked = lower.startswith(b"#") and lower.endswith(b"#")
        if lower.endswith(_UNFINISHED) or lower.startswith(b"~$") or locked:
            return "its name is one that programs give to unfinished files"
        if lower.endswith(ERROR_SUFFIX):
            return "it is named like an explanation of a rejected file"
        if self._all and not self._exclude:
            return None
        return self._excluded(path.decode("utf-8", "surrogateescape"))

    def _excluded(self, path: str) -> str | None:
        if not any(match(path) for match in self._include):
            return "it matches no include pattern"
        if any(match(path) for match in self._exclude):
            return "it matches an exclude pattern"
        return None


def names_of(options: WatcherOptions) -> Names:
    """The rules that `options` make."""
    return Names(options.include, options.exclude, options.after)


def _matcher(pattern: str) -> Match:
    match = re.compile(fnmatch.translate(pattern)).match
    if "/" in pattern:
        return match
    return lambda path: match(path.rpartition("/")[2])
