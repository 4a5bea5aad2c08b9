"""The inbox's folder, made ready at the start."""

from __future__ import annotations

import errno
import os
from typing import Final

from copydesk.errors import Unavailable, Unusable
from copydesk.watcher.options import STAGING, WatcherOptions

_NOT_ALLOWED: Final = {errno.EACCES, errno.EPERM, errno.EROFS}


def open_inbox(options: WatcherOptions) -> bytes:
    """The folder's true path. It is made where it is missing, with what disposal needs.

    Raises Unusable where a person must do something about it, Unavailable where waiting may help.
    """
    root = os.path.realpath(os.fsencode(options.inbox))
    try:
        os.makedirs(root, exist_ok=True)
        os.scandir(root).close()
    except FileExistsError:
        raise Unusable(f"the inbox {options.inbox} is no folder") from None
    except OSError as error:
        raise _trouble(f"the inbox {options.inbox} cannot be used", error) from error
    if options.after != "keep":
        try:
            os.makedirs(root + b"/" + STAGING, exist_ok=True)
            writable = os.access(root, os.W_OK)
        except OSError as error:
            words = f"files cannot be moved out of the inbox {options.inbox}"
            raise _trouble(words, error, "; let them stay with --after keep") from error
        if not writable:
            raise Unusable(
                f"files cannot be moved out of the inbox {options.inbox}: it is not writable;"
                " let them stay with --after keep"
            )
    return root


def _trouble(words: str, error: OSError, advice: str = "") -> Unusable | Unavailable:
    if error.errno in _NOT_ALLOWED:
        return Unusable(f"{words}: {error.strerror}{advice}")
    return Unavailable(f"{words}: {error.strerror}")
