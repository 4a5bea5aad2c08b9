"""A database of its own for a test."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import orjson


class Database(NamedTuple):
    """A schema, the only one that sessions of this address see."""

    address: str
    schema: str

    async def rows(self, query: str) -> list[dict[str, Any]]:
        """What a user's SQL answers, values as messages have them."""
        connection = await asyncpg.connect(self.address)
        try:
            await connection.set_type_codec(
                "jsonb", schema="pg_catalog", encoder=str, decoder=_compact
            )
            return [
                {name: _plain(value) for name, value in row.items()}
                for row in await connection.fetch(query)
            ]
        finally:
            await connection.close()

    async def execute(self, statement: str) -> None:
        """Do as a user's SQL says."""
        await _execute(self.address, statement)


async def make(server: str) -> Database:
    """A new, empty one in the database that `server` is the address of."""
    schema = f"copydesk_{uuid4().hex[:12]}"
    await _execute(server, f"CREATE SCHEMA {schema}")
    return Database(f"{server}{'&' if '?' in server else '?'}search_path={schema}", schema)


async def drop(database: Database, server: str) -> None:
    """Away with it."""
    await _execute(server, f"DROP SCHEMA {database.schema} CASCADE")


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        text = value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
        return f"{text}Z"
    return str(value) if isinstance(value, date | UUID) else value


def _compact(text: str) -> str:
    return orjson.dumps(orjson.loads(text)).decode()
