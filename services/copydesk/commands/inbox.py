"""The folder itself, for the commands that look at it: which of its files nothing is known of."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Coroutine, Sequence
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple, TypeVar

from copydesk.errors import Unavailable, Unusable
from copydesk.settings import Settings
from copydesk.sink.store import Archive, Standing
from copydesk.sink.unread import Unread
from copydesk.transport.api import TransportError
from copydesk.watcher.closed import Skipped
from copydesk.watcher.names import names_of
from copydesk.watcher.options import WatcherOptions
from copydesk.watcher.scan import Found, Scan
from copydesk.watcher.why import why_not_taken
from copydesk_schemas.paths import path_to_text
from copydesk_schemas.times import to_text

T = TypeVar("T")

_AT_ONCE = 10_000
_MOST_LOOKED_AT = 1_000
"""So many files are opened to see why they are not taken; others are held to be in flight."""


class Untaken(NamedTuple):
    """A file that was not taken in as it stands. `path` is text, relative to the inbox."""

    path: str
    seconds: float
    """Since it was last written or put there."""
    why_not: str | None
    """Why it is left alone, the rest of a sentence; None where it is the watcher's to take."""


def watcher_options(settings: Settings) -> WatcherOptions:
    """The settings as the watcher is told them."""
    return WatcherOptions(
        inbox=settings.inbox,
        inbox_name=settings.inbox_name,
        after=settings.after,
        include=settings.include,
        exclude=settings.exclude,
        settle_seconds=settings.settle_seconds,
        scan_seconds=settings.scan_seconds,
    )


def asked(question: Coroutine[None, None, T]) -> T:
    """The answer of storage and log. Raises Unusable where one of them cannot be read."""
    try:
        return asyncio.run(question)
    except (Unavailable, TransportError) as error:
        raise Unusable(str(error)) from error


def paths_meant(inbox: Path, what: str) -> list[bytes]:
    """The paths relative to `inbox` that `what` may mean, likeliest first.

    It is absolute, or relative to the inbox, or to the working folder.
    """
    given = Path(what)
    absolute = given.absolute()
    meant = [
        *([] if given.is_absolute() else [os.path.normpath(given)]),
        # A link to the inbox is another name of it; a link in it is a file of it.
        *(
            os.path.relpath(place, root)
            for place in (absolute, absolute.parent.resolve() / absolute.name)
            for root in (inbox.absolute(), inbox.resolve())
        ),
    ]
    inside = [path for path in dict.fromkeys(meant) if Path(path).parts[:1] not in ((), ("..",))]
    return [os.fsencode(path) for path in inside]


def listed(options: WatcherOptions) -> list[bytes]:
    """Every file of the inbox whose name is admitted."""
    if not options.inbox.is_dir():
        return []
    root, names = os.fsencode(options.inbox), names_of(options)
    scan = Scan(root, names, {}, lambda _: None, quiet=lambda _: False, forget=False)
    return [finding.path for finding in scan.walk() if isinstance(finding, Found | Skipped)]


async def untaken(
    options: WatcherOptions, paths: Sequence[bytes], archive: Archive, unread: Unread
) -> list[Untaken]:
    """Those of `paths`, relative to the inbox, of whose present state there is no version."""
    root = os.fsencode(options.inbox)
    taken_in = {(note.inbox, note.path): note for note in unread.observed.values()}
    found: list[Untaken] = []
    for start in range(0, len(paths), _AT_ONCE):
        texts = {path_to_text(path): path for path in paths[start : start + _AT_ONCE]}
        standing = dict(await archive.standing(options.inbox_name, list(texts)))
        for text, path in texts.items():
            note = taken_in.get((options.inbox_name, text))
            known = standing.get(text)
            if note is not None:
                known = Standing(note.size, note.sha256, note.closed_at)
            seconds = _age_unless_known(options.inbox / os.fsdecode(path), known)
            if seconds is not None:
                look = len(found) < _MOST_LOOKED_AT
                why_not = why_not_taken(root, path, options) if look else None
                found.append(Untaken(text, seconds, why_not))
    return found


def _age_unless_known(location: Path, known: Standing | None) -> float | None:
    """Seconds since the file changed; None where it is gone, or the version `known`."""
    try:
        status = location.lstat()
    except OSError:
        return None
    if known is not None and known.size == status.st_size:
        same = known.closed_at == to_text(status.st_ctime_ns // 1000)
        if same or (S_ISREG(status.st_mode) and _digest(location) == known.sha256):
            return None
    return max(0.0, time.time() - status.st_ctime)


def _digest(location: Path) -> str:
    try:
        return sha256(location.read_bytes()).hexdigest()
    except OSError:
        return "unreadable"
