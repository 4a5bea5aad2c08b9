"""The storage in one SQLite file: the side that reads, beside the one process that writes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import orjson

from copydesk.errors import Unavailable, Unusable
from copydesk.sink.sqlite.schema import check
from copydesk.sink.store import (
    FileRow,
    InFlight,
    RevisionRow,
    Standing,
    Survey,
    Tally,
    TextRow,
)
from copydesk.sqlite.connect import connect_reader
from copydesk.sqlite.faults import sentence

T = TypeVar("T")

_FILES = f"SELECT {', '.join(FileRow._fields)} FROM files"
_OLDEST_FIRST = "ORDER BY observed_at IS NULL, observed_at, settled_at"
_IN_FLIGHT = "WHERE outcome IS NULL AND code IS NULL ORDER BY observed_at LIMIT ?"
_FLYING = "SELECT count(*), min(observed_at) FROM files WHERE outcome IS NULL AND code IS NULL"
_COUNTS = "SELECT outcome, code, count(*) FROM files GROUP BY outcome, code"
_REVISIONS = f"""
SELECT {", ".join(RevisionRow._fields)} FROM revisions WHERE article_id = ?
ORDER BY source_observed_at
"""
_TEXTS = f"""
SELECT {", ".join(TextRow._fields)} FROM revisions
WHERE article_id = ? AND revision IN (SELECT value FROM json_each(?))
ORDER BY source_observed_at
"""
_LISTS = ("authors", "highlights", "content")
_STANDING = """
SELECT files.path, size, sha256, closed_at
FROM json_each(?) AS wanted CROSS JOIN files ON files.path = wanted.value
WHERE inbox = ? AND disposition IS NULL AND observed_at IS NOT NULL
ORDER BY observed_at
"""


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
        where = f"WHERE inbox = ? AND (path = ? OR moved_to = ?) {_OLDEST_FIRST}"
        return await self._run(lambda connection: _files(connection, where, inbox, path, path))

    async def files_of_article(self, article_id: str) -> Sequence[FileRow]:
        """See `Archive.files_of_article`."""
        where = f"WHERE article_id = ? {_OLDEST_FIRST}"
        return await self._run(lambda connection: _files(connection, where, article_id))

    async def files(self, version_ids: Sequence[str]) -> Sequence[FileRow]:
        """See `Archive.files`."""
        return await self._run(lambda connection: _of_versions(connection, version_ids))

    async def standing(self, inbox: str, paths: Sequence[str]) -> Mapping[str, Standing]:
        """See `Archive.standing`."""
        rows = await self._run(
            lambda connection: connection.execute(_STANDING, (_list(paths), inbox)).fetchall()
        )
        return {path: Standing(*rest) for path, *rest in rows}

    async def revisions(self, article_id: str) -> Sequence[RevisionRow]:
        """See `Archive.revisions`."""
        rows = await self._run(
            lambda connection: connection.execute(_REVISIONS, (article_id,)).fetchall()
        )
        return [RevisionRow(*row)._replace(current=bool(row[1])) for row in rows]

    async def texts(self, article_id: str, revisions: Sequence[str]) -> Sequence[TextRow]:
        """See `Archive.texts`."""
        rows = await self._run(
            lambda connection: connection.execute(_TEXTS, (article_id, _list(revisions))).fetchall()
        )
        return [_with_lists(TextRow(*row)) for row in rows]

    async def in_flight(self) -> InFlight:
        """See `Archive.in_flight`."""
        row = await self._run(lambda connection: connection.execute(_FLYING).fetchone())
        return InFlight(*row)

    async def survey(self, version_ids: Sequence[str], limit: int) -> Survey:
        """See `Archive.survey`."""

        def job(connection: sqlite3.Connection) -> Survey:
            connection.execute("BEGIN")
            try:
                return Survey(
                    _tally(connection),
                    _of_versions(connection, version_ids),
                    _files(connection, _IN_FLIGHT, limit),
                )
            finally:
                connection.execute("ROLLBACK")

        return await self._run(job)

    async def _run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        def run() -> T:
            if self._connection is None:
                raise Unavailable(f"{self._path} is not open")
            try:
                return job(self._connection)
            except sqlite3.Error as error:
                raise Unavailable(sentence(self._path, error)) from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)


def _files(connection: sqlite3.Connection, where: str, *values: str | int) -> list[FileRow]:
    return [FileRow(*row) for row in connection.execute(f"{_FILES} {where}", values).fetchall()]


def _of_versions(connection: sqlite3.Connection, version_ids: Sequence[str]) -> list[FileRow]:
    where = f"WHERE version_id IN (SELECT value FROM json_each(?)) {_OLDEST_FIRST}"
    return _files(connection, where, _list(version_ids))


def _with_lists(row: TextRow) -> TextRow:
    """`row`, whose lists are still the JSON that storage holds."""
    return row._replace(**{name: orjson.loads(getattr(row, name)) for name in _LISTS})


def _list(values: Sequence[str]) -> str:
    return orjson.dumps(list(values)).decode()


def _tally(connection: sqlite3.Connection) -> Tally:
    outcomes: dict[str, int] = {}
    codes: dict[str, int] = {}
    in_flight = 0
    for outcome, code, count in connection.execute(_COUNTS).fetchall():
        if outcome is None:
            in_flight += count
            continue
        outcomes[outcome] = outcomes.get(outcome, 0) + count
        if code is not None:
            codes[code] = count
    return Tally(outcomes, codes, in_flight)
