"""Every store there is, opened as the program opens it."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from copydesk.sink.store import Archive, Store, open_archive, open_store


class Storage(NamedTuple):
    """A storage of its own for a test; what was committed before is there again."""

    address: str
    path: Path

    def store(self) -> AbstractAsyncContextManager[Store]:
        return open_store(self.address)

    def archive(self) -> AbstractAsyncContextManager[Archive]:
        return open_archive(self.address)

    async def rows(self, query: str) -> list[dict[str, Any]]:
        """What a user's SQL answers."""
        with closing(sqlite3.connect(self.path)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query)]


@pytest.fixture(params=["sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    path = tmp_path / "articles.db"
    return Storage(f"sqlite:///{path}", path)
