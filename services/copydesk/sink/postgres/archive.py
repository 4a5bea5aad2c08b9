"""The storage in PostgreSQL: the side that reads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from copydesk.errors import Unusable
from copydesk.sink.postgres.connect import Database, connected
from copydesk.sink.postgres.rows import is_id, text_of
from copydesk.sink.postgres.schema import check
from copydesk.sink.store import (
    FileRow,
    InFlight,
    RevisionRow,
    Standing,
    Survey,
    Tally,
    TextRow,
)

if TYPE_CHECKING:
    import asyncpg

    from copydesk.sink.postgres.connect import Connection

_FILES = f"SELECT {', '.join(FileRow._fields)} FROM files"
_OLDEST_FIRST = "ORDER BY observed_at NULLS LAST, settled_at"
_OF_VERSIONS = f"WHERE version_id = ANY ($1::uuid[]) {_OLDEST_FIRST}"
_IN_FLIGHT = "WHERE outcome IS NULL ORDER BY observed_at LIMIT $1"
_FLYING = "SELECT count(*), min(observed_at) FROM files WHERE outcome IS NULL"
_COUNTS = "SELECT outcome, code, count(*) FROM files GROUP BY outcome, code"
_REVISIONS = f"""
SELECT {", ".join(RevisionRow._fields)} FROM revisions WHERE article_id = $1
ORDER BY source_observed_at
"""
_TEXTS = f"""
SELECT {", ".join(TextRow._fields)} FROM revisions
WHERE article_id = $1 AND revision = ANY ($2::text[])
ORDER BY source_observed_at
"""
_LISTS = ("authors", "highlights", "content")
_STANDING = """
SELECT path, size, sha256, closed_at FROM files
WHERE path = ANY ($1::text[]) AND inbox = $2 AND disposition IS NULL AND observed_at IS NOT NULL
ORDER BY observed_at
"""


@asynccontextmanager
async def open_postgres_archive(
    address: str, password: str | None
) -> AsyncIterator[PostgresArchive]:
    """The storage at `address`, read-only. Raises Unusable where it cannot be read."""
    async with connected(address, password, _has_storage, read_only=True) as database:
        yield PostgresArchive(database)


class PostgresArchive:
    """See `Archive`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def files_of_path(self, inbox: str, path: str) -> Sequence[FileRow]:
        """See `Archive.files_of_path`."""
        where = f"WHERE inbox = $1 AND (path = $2 OR moved_to = $2) {_OLDEST_FIRST}"
        async with self._database.connection() as connection:
            return await _files(connection, where, inbox, path)

    async def files_of_article(self, article_id: str) -> Sequence[FileRow]:
        """See `Archive.files_of_article`."""
        if not is_id(article_id):
            return []
        async with self._database.connection() as connection:
            return await _files(connection, f"WHERE article_id = $1 {_OLDEST_FIRST}", article_id)

    async def files(self, version_ids: Sequence[str]) -> Sequence[FileRow]:
        """See `Archive.files`."""
        async with self._database.connection() as connection:
            return await _files(connection, _OF_VERSIONS, list(filter(is_id, version_ids)))

    async def standing(self, inbox: str, paths: Sequence[str]) -> Mapping[str, Standing]:
        """See `Archive.standing`."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(_STANDING, list(paths), inbox)
        return {path: Standing(*rest) for path, *rest in map(_plain, rows)}

    async def revisions(self, article_id: str) -> Sequence[RevisionRow]:
        """See `Archive.revisions`."""
        if not is_id(article_id):
            return []
        async with self._database.connection() as connection:
            rows = await connection.fetch(_REVISIONS, article_id)
        return [RevisionRow(*_plain(row)) for row in rows]

    async def texts(self, article_id: str, revisions: Sequence[str]) -> Sequence[TextRow]:
        """See `Archive.texts`."""
        if not is_id(article_id):
            return []
        async with self._database.connection() as connection:
            rows = await connection.fetch(_TEXTS, article_id, list(revisions))
        return [_with_lists(TextRow(*_plain(row))) for row in rows]

    async def in_flight(self) -> InFlight:
        """See `Archive.in_flight`."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(_FLYING)
        return InFlight(*_plain(row or (0, None)))

    async def survey(self, version_ids: Sequence[str], limit: int) -> Survey:
        """See `Archive.survey`."""
        async with (
            self._database.connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return Survey(
                _tally(await connection.fetch(_COUNTS)),
                await _files(connection, _OF_VERSIONS, list(filter(is_id, version_ids))),
                await _files(connection, _IN_FLIGHT, limit),
            )


async def _has_storage(connection: Connection) -> None:
    if await check(connection) == 0:
        raise Unusable("there is no storage; has a sink been started with it?")


async def _files(connection: Connection, where: str, *values: object) -> list[FileRow]:
    rows = await connection.fetch(f"{_FILES} {where}", *values)
    return [FileRow(*_plain(row)) for row in rows]


def _tally(rows: Iterable[asyncpg.Record]) -> Tally:
    outcomes: dict[str, int] = {}
    codes: dict[str, int] = {}
    in_flight = 0
    for outcome, code, count in rows:
        if outcome is None:
            in_flight += count
            continue
        outcomes[outcome] = outcomes.get(outcome, 0) + count
        if code is not None:
            codes[code] = codes.get(code, 0) + count
    return Tally(outcomes, codes, in_flight)


def _with_lists(row: TextRow) -> TextRow:
    """`row`, whose lists are still JSON."""
    return row._replace(**{name: orjson.loads(getattr(row, name)) for name in _LISTS})


def _plain(row: Iterable[Any]) -> list[Any]:
    """The values as messages have them."""
    return [_as_text(value) for value in row]


def _as_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return text_of(value)
    return str(value) if isinstance(value, date | UUID) else value
