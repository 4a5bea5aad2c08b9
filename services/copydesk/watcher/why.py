"""Why a file that stands on the disk is not taken: for `copydesk trace`."""

from __future__ import annotations

import os
import stat
import time

from copydesk.watcher.closed import Skipped, ignore_lease_breaks, take
from copydesk.watcher.names import names_of
from copydesk.watcher.options import WatcherOptions


def why_not_taken(inbox: bytes, path: bytes, options: WatcherOptions) -> str | None:
    """Why the file at `path`, relative to the folder `inbox`, is not taken: the rest of a sentence
    that begins with the file's name. None where nothing stands against it.

    It looks at the file as it is now and leaves it as it is. To be called from the main thread.
    """
    ignore_lease_breaks()
    refusal = names_of(options).why_not(path)
    if refusal is not None:
        return f"is left alone: {refusal}"
    parts = path.split(b"/")
    for depth in range(1, len(parts)):
        folder = b"/".join(parts[:depth])
        if os.path.islink(os.path.join(inbox, folder)):
            return "stands in a folder that is a symbolic link; these are not followed"
    location = os.path.join(inbox, path)
    try:
        status = os.lstat(location)
    except OSError:
        return "is not there"
    if stat.S_ISLNK(status.st_mode):
        return "is a symbolic link; these are not followed"
    if not stat.S_ISREG(status.st_mode):
        return "is no regular file"
    age = (time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns)) / 1e9
    found = take(location, path, lambda *_: age >= options.settle_seconds)
    return _SENTENCES[found.reason] if isinstance(found, Skipped) else None


_SENTENCES = {
    "symlink": "is a symbolic link; these are not followed",
    "not_regular": "is no regular file",
    "unreadable": "cannot be read by this user",
    "busy": "is open for writing; it is taken when its writer has closed it",
    "settling": "was changed a moment ago; it is taken once it has been left alone for a while",
    "vanished": "is not there",
    "unchanged": "is in the log already",
}
