"""The storage in one SQLite file: the side that reads, beside the one process that writes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson

from copydesk.errors import Unavailable, Unusable
from copydesk.sink.sqlite.schema import check
from copydesk.sink.store import FileRow, RevisionRow, Tally
from copydesk.sqlite.connect import connect_reader
from copydesk.sqlite.faults import sentence

_FILES = f"SELECT {', '.join(FileRow._fields)} FROM files"
_OLDEST_FIRST = "ORDER BY observed_at IS NULL, observed_at, settled_at"


@asynccontextmanager
async def open_sqlite_archive(path: Path) -> AsyncIterator[SqliteArchive]:
    """The storage at `path`, read-only. Raises Unusable where it cannot be read."""
    archive = SqliteArchive(path)
    try:
        await archive.open()
        yield archive
    finally:
        await archive.close()


class SqliteArchive:
    """See `Archive`. Every query is read to its end at once: an open one would stop checkpoints."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"reads {path.name}")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Connect. Raises Unusable."""

        def connect() -> None:
            if not self._path.exists():
                raise Unusable(
                    f"{self._path}: there is no storage;"
                    " has `copydesk run` been started with this data?"
                )
            try:
                self._connection = connect_reader(self._path)
                version = check(self._connection)
            except sqlite3.Error as error:
                raise Unusable(sentence(self._path, error)) from error
            except Unusable as error:
                raise Unusable(f"{self._path}: {error}") from error
            if version == 0:
                raise Unusable(f"{self._path}: the storage is still being made; try again")

        await asyncio.get_running_loop().run_in_executor(self._thread, connect)

    async def close(self) -> None:
        """Disconnect, and end the thread."""

        def close() -> None:
            if self._connection is not None:
                self._connection.close()

        await asyncio.get_running_loop().run_in_executor(self._thread, close)
        self._thread.shutdown()

    async def files_of_path(self, inbox: str, path: str) -> Sequence[FileRow]:
        """See `Archive.files_of_path`."""
        return await self._files(
            f"WHERE inbox = ?1 AND (path = ?2 OR moved_to = ?2) {_OLDEST_FIRST}", inbox, path
        )

    async def files_of_article(self, article_id: str) -> Sequence[FileRow]:
        """See `Archive.files_of_article`."""
        return await self._files(f"WHERE article_id = ? {_OLDEST_FIRST}", article_id)

    async def files(self, version_ids: Sequence[str]) -> Sequence[FileRow]:
        """See `Archive.files`."""
        ids = orjson.dumps(list(version_ids)).decode()
        return await self._files("WHERE version_id IN (SELECT value FROM json_each(?))", ids)

    async def in_flight(self, limit: int) -> Sequence[FileRow]:
        """See `Archive.in_flight`."""
        return await self._files(
            "WHERE outcome IS NULL AND code IS NULL ORDER BY observed_at LIMIT ?", limit
        )

    async def revisions(self, article_id: str) -> Sequence[RevisionRow]:
        """See `Archive.revisions`."""
        rows = await self._rows(
            f"SELECT {', '.join(RevisionRow._fields)} FROM revisions WHERE article_id = ?"
            " ORDER BY source_observed_at",
            article_id,
        )
        return [RevisionRow(*row)._replace(current=bool(row[1])) for row in rows]

    async def tally(self) -> Tally:
        """See `Archive.tally`."""
        outcomes: dict[str, int] = {}
        codes: dict[str, int] = {}
        in_flight = 0
        for outcome, code, count in await self._rows(
            "SELECT outcome, code, count(*) FROM files GROUP BY outcome, code"
        ):
            if outcome is None:
                in_flight = count
                continue
            outcomes[outcome] = outcomes.get(outcome, 0) + count
            if code is not None:
                codes[code] = count
        return Tally(outcomes, codes, in_flight)

    async def _files(self, where: str, *values: str | int) -> list[FileRow]:
        return [FileRow(*row) for row in await self._rows(f"{_FILES} {where}", *values)]

    async def _rows(self, statement: str, *values: str | int) -> list[tuple[Any, ...]]:
        def query() -> list[tuple[Any, ...]]:
            if self._connection is None:
                raise Unavailable(f"{self._path} is not open")
            try:
                return self._connection.execute(statement, values).fetchall()
            except sqlite3.Error as error:
                raise Unavailable(sentence(self._path, error)) from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, query)
