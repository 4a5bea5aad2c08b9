"""Putting a file where it belongs without ever taking another's place.

A move is a link and an unlink: unlike a rename, a link fails where something stands already. Killed
between the two, the file has both names, and whoever comes again sees that they are one file.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import Final

import orjson

from copydesk.watcher.options import ERROR_SUFFIX, PRIVATE

_NO_LINKS: Final = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}
_MAX_NAME: Final = 255
_MAX_TRIES: Final = 1000


def move(source: bytes, target: bytes) -> None:
    """Move `source` to `target`, where nothing may stand but `source` itself.

    Raises FileExistsError where something else does. Missing folders are made. Where the file
    system has no hard links it is a rename after a look: there somebody may be faster.
    """
    try:
        with_folder(target, lambda: os.link(source, target, follow_symlinks=False))
    except FileExistsError:
        if not _one(source, target):
            raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "something stands there", target) from None
        os.rename(source, target)
        return
    os.unlink(source)


def with_folder(target: bytes, act: Callable[[], None]) -> None:
    """Do `act`, which puts something at `target`; where its folder is missing, make that first."""
    try:
        act()
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        act()


def free_names(path: bytes, tag: str, room: int) -> Iterator[bytes]:
    """`path`, then variations of it with `tag`; at the end of each name `room` bytes can follow."""
    if len(path) - path.rfind(b"/") - 1 + room <= _MAX_NAME:
        yield path
    folder, name = os.path.split(path)
    stem, extension = os.path.splitext(name)
    for number in islice(count(1), _MAX_TRIES):
        suffix = f".{tag}" if number == 1 else f".{tag}-{number}"
        ending = (suffix.encode() + extension)[-100:]
        yield os.path.join(folder, stem[: _MAX_NAME - room - len(ending)] + ending)


def put(source: bytes, root: bytes, names: Iterator[bytes]) -> bytes:
    """Move `source` to the first of `names`, relative to `root`, that is free; that name."""
    for name in names:
        try:
            move(source, root + b"/" + name)
        except FileExistsError:
            continue
        return name
    raise FileExistsError(errno.EEXIST, "every name is taken")


def put_with_explanation(
    source: bytes, root: bytes, names: Iterator[bytes], explanation: bytes
) -> bytes:
    """`put`, with `explanation` in NAME.error.json beside it, which is there first."""
    for name in names:
        target = root + b"/" + name
        if os.path.lexists(target) and not _one(source, target):
            continue
        if not _explain(target + ERROR_SUFFIX, explanation, root):
            continue
        try:
            move(source, target)
        except FileExistsError:  # somebody was faster
            os.unlink(target + ERROR_SUFFIX)
            continue
        return name
    raise FileExistsError(errno.EEXIST, "every name is taken")


def _explain(target: bytes, explanation: bytes, root: bytes) -> bool:
    """Write `explanation` at `target`, whole or not at all; False where another's file stands.

    One of ours whose file is gone (its user took it to correct it) is replaced.
    """
    if os.path.lexists(target) and not _is_explanation(target):
        return False
    draft = root + b"/" + PRIVATE + b"/explanation"
    with open(draft, "wb") as file:
        file.write(explanation)
    with_folder(target, lambda: os.rename(draft, target))
    return True


def _is_explanation(target: bytes) -> bool:
    try:
        with open(target, "rb") as file:
            content = orjson.loads(file.read(1 << 16))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and {"path", "version_id"} <= content.keys()


def _one(first: bytes, second: bytes) -> bool:
    return os.path.samestat(os.lstat(first), os.lstat(second))
