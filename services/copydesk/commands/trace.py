"""`copydesk trace`: where is my article, and how did it come there."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from copydesk.commands.inbox import asked, paths_meant, untaken, watcher_options
from copydesk.commands.log import log_of, topics_of
from copydesk.commands.storage import archive_of
from copydesk.commands.story import Line, revision_lines, row_lines, version_lines
from copydesk.parser.rejected import Rejected
from copydesk.parser.urls import article_id, canonical
from copydesk.settings import Settings
from copydesk.sink.store import Archive, FileRow
from copydesk.sink.unread import Unread, read_unread
from copydesk.sink.waits import Wait, wait_of
from copydesk.telemetry.harmless import harmless
from copydesk.topics import Topics
from copydesk.transport.api import Transport
from copydesk_schemas.paths import path_to_text
from copydesk_schemas.times import from_text

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URL = re.compile(r"https?://", re.IGNORECASE)
_TIME_WIDTH = 27

Told = list[tuple[str, list[Line]]]
"""Headings, each with its lines."""


def trace(settings: Settings, what: str) -> int:
    """Tell what is known of the file, the version or the article `what`; 1 where that is nothing.

    Raises Unusable where storage or log cannot be read.
    """
    told, why_nothing = asked(_trace(settings, what))
    _print(told)
    if why_nothing:
        sys.stdout.write(f"{harmless(why_nothing)}\n")
    return 0 if told else 1


async def _trace(settings: Settings, what: str) -> tuple[Told, str]:
    names = topics_of(settings)
    async with (
        archive_of(settings) as archive,
        log_of(settings, read_only=True) as transport,
    ):
        tracer = _Tracer(settings, archive, transport, names, await read_unread(transport, names))
        if _URL.match(what):
            return await tracer.of_url(what)
        if _UUID.fullmatch(what):
            return await tracer.of_id(what.lower())
        return await tracer.of_path(what)


class _Tracer:
    def __init__(
        self,
        settings: Settings,
        archive: Archive,
        transport: Transport,
        names: Topics,
        unread: Unread,
    ) -> None:
        self._settings = settings
        self._archive = archive
        self._transport = transport
        self._names = names
        self._unread = unread

    async def of_url(self, url: str) -> tuple[Told, str]:
        try:
            address = canonical(url).canonical
        except Rejected as error:
            return [], error.reason
        told = await self._of_article(article_id(address))
        return told, "" if told else f"No article of {address} is stored."

    async def of_id(self, identity: str) -> tuple[Told, str]:
        rows = self._unread.added_to(
            await self._archive.files([identity]), lambda row: row.version_id == identity
        )
        told = await self._versions(rows) or await self._of_article(identity)
        return told, "" if told else f"{identity} is neither a version nor an article."

    async def of_path(self, what: str) -> tuple[Told, str]:
        settings = self._settings
        paths = paths_meant(settings.inbox, what)
        # Also as logs and tables show it, where `%` and what cannot be shown is %XX.
        as_shown = os.fsencode(what).decode("utf-8", "replace")
        for text in dict.fromkeys([*map(path_to_text, paths), as_shown]):
            rows = await self._files_of_path(text)
            if rows:
                moved = {row.moved_to for row in rows}
                left = [path for path in paths if path_to_text(path) not in moved]
                return await self._versions(rows), await self._left(left)
        if not paths:
            inbox = path_to_text(os.fsencode(settings.inbox))
            return [], f"{path_to_text(os.fsencode(what))} is not in the inbox {inbox}."
        return [], await self._left(paths) or f"Nothing is known of {path_to_text(paths[0])}."

    async def _files_of_path(self, path: str) -> Sequence[FileRow]:
        def is_of_path(row: FileRow) -> bool:
            return row.inbox == inbox and path in {row.path, row.moved_to}

        inbox = self._settings.inbox_name
        rows = {row.version_id: row for row in await self._archive.files_of_path(inbox, path)}
        # A move that the sink has not read yet leads to a version that storage has otherwise.
        noted = [row.version_id for row in self._unread.added_to([], is_of_path)]
        rows |= {row.version_id: row for row in await self._archive.files(noted)}
        return self._unread.added_to(list(rows.values()), is_of_path)

    async def _of_article(self, identity: str) -> Told:
        revisions = await self._archive.revisions(identity)
        if not revisions:
            return []
        present = next(row for row in revisions if row.current)
        heading = f"{present.title}\n{present.canonical_url}\narticle {identity}"
        rows = self._unread.added_to(await self._archive.files_of_article(identity))
        return [(heading, [*revision_lines(revisions)]), *await self._versions(rows)]

    async def _versions(self, rows: Sequence[FileRow]) -> Told:
        return [(row.path, await self._version(row)) for row in rows]

    async def _version(self, row: FileRow) -> list[Line]:
        wait: Wait | None = None
        if row.outcome is None and row.observed_at is not None:
            observed = from_text(row.observed_at) / 1e6
            wait = await wait_of(self._transport, self._names, row.version_id, observed)
            # While the log was searched it may have come to its end.
            row = next(iter(await self._archive.files([row.version_id])), row)
        states = await self._archive.revisions(row.article_id) if row.article_id else ()
        of_row = [state for state in states if state.revision == row.revision]
        return [*version_lines(row, wait), *row_lines(of_row)]

    async def _left(self, paths: Sequence[bytes]) -> str:
        """Of the first of `paths` where a file stands that was not taken in: why not."""
        options = watcher_options(self._settings)
        for file in await untaken(options, paths, self._archive, self._unread):
            why = file.why_not or "waits to be taken in; is `copydesk run` running?"
            return f"{file.path} {why}"
        return ""


def _print(told: Told) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for heading, lines in told:
        console.print(Text("\n".join(map(harmless, heading.split("\n"))), "bold"))
        for line in lines:
            style = {None: "", True: "green", False: "red"}[line.good]
            console.print(
                Text.assemble(
                    (f"  {line.at:{_TIME_WIDTH}}  ", "dim"),
                    (f"{line.what:10}  ", style),
                    harmless(line.more),
                )
            )
