"""A database of its own for a test."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import asyncpg
import orjson


class Database(NamedTuple):
    """Where it is, and what a user's SQL answers there."""

    address: str

    async def rows(self, query: str) -> list[dict[str, Any]]:
        """What `query` answers, values as messages have them."""
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


def make(server: str) -> Database:
    """A new database on the server that `server` is the address of."""
    name = f"copydesk_{uuid4().hex[:12]}"
    asyncio.run(_execute(server, f"CREATE DATABASE {name} TEMPLATE template0"))
    return Database(urlunsplit(urlsplit(server)._replace(path=f"/{name}")))


def drop(database: Database, server: str) -> None:
    """Away with it, whoever is connected."""
    name = urlsplit(database.address).path[1:]
    asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


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
