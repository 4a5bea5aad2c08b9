"""Every store there is, opened as the program opens it."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from copydesk.sink.opening import open_archive, open_store
from copydesk.sink.store import Archive, Store
from tests.postgres.database import Database


class Storage(NamedTuple):
    """A storage of its own for a test; what was committed before is there again."""

    address: str
    rows: Callable[[str], Awaitable[list[dict[str, Any]]]]
    """What a user's SQL answers."""

    def store(self) -> AbstractAsyncContextManager[Store]:
        return open_store(self.address)

    def archive(self) -> AbstractAsyncContextManager[Archive]:
        return open_archive(self.address)


def sqlite(path: Path) -> Storage:
    async def rows(query: str) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(path)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query)]

    return Storage(f"sqlite:///{path}", rows)


@pytest.fixture(params=["sqlite", "postgres"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "sqlite":
        return sqlite(tmp_path / "articles.db")
    database: Database = request.getfixturevalue("postgres_database")
    return Storage(database.address, database.rows)
