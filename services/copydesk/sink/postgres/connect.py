"""Connections to PostgreSQL: where it is, how it is reached, how long anything may take.

An address is libpq's, and asyncpg reads it as libpq does: TLS by `sslmode`, `sslrootcert`,
`sslcert`, `sslkey` and `sslcrl`; the password from the caller, the address, PGPASSWORD or a
`passfile`; where the address is silent, the PG… variables speak. Its other parameters are settings
of the server.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import asyncpg

from copydesk.errors import Unusable
from copydesk.sink.postgres.faults import FAULTS, faults_at_start, faults_of

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
    Ready = Callable[[Connection], Awaitable[object]]

_ASYNCPG = logging.getLogger("asyncpg")

OLDEST_SERVER = 14
MOST_CONNECTIONS = 4
"""One for each of the sink's stages, and one more."""
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
"""Longer than the server's own limits, so that it is the server that says what took so long."""

SERVER_SETTINGS = {
    "application_name": "copydesk",
    # A sink that was frozen, or whose machine is gone, must not hold its locks for long.
    "idle_in_transaction_session_timeout": "15s",
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "3",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15s",
    # All statements look rows up by key. A plan made while a table was small would read all of it
    # for as long as the plan is kept.
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
"""Of each session, unless the address gives another value."""

_MORE_SETTINGS = """
SELECT set_config(name, CASE name WHEN 'transaction_timeout' THEN '30s' ELSE 'on' END, false)
FROM pg_settings
WHERE name = 'transaction_timeout' AND setting = '0'
    OR name = 'synchronous_commit' AND setting = 'off'
"""
"""What cannot be told at connecting: a limit that only 17 and later have; and what is stored is
durable, or the receipts would lie."""


_JSONB_VERSION = b"\x01"
"""Stands before the text where jsonb travels in binary. We have that text in UTF-8 already."""


class Database:
    """A pool of connections to the database at `place`, which is fit to be shown."""

    def __init__(self, pool: Pool, place: str) -> None:
        self.place = place
        self._pool = pool

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection of one's own. What goes wrong is raised as Refused or Unavailable."""
        with faults_of(self.place):
            async with self._pool.acquire(timeout=CONNECT_SECONDS) as connection:
                yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection in a transaction whose every statement sees what others committed before."""
        async with (
            self.connection() as connection,
            connection.transaction(isolation="read_committed"),
        ):
            yield connection


@asynccontextmanager
async def connected(
    address: str, password: str | None, ready: Ready, *, read_only: bool = False
) -> AsyncIterator[Database]:
    """The database at `address`, of which `ready` has seen that it can be used.

    Raises Unusable where it cannot be reached, or is too old.
    """
    place = place_of(address)
    with faults_at_start(place):
        pool = await _pool(address, password, read_only=read_only)
    try:
        with faults_at_start(place):
            async with pool.acquire() as connection:
                await ready(connection)
        yield Database(pool, place)
    finally:
        with suppress(*FAULTS):
            async with asyncio.timeout(CONNECT_SECONDS):
                await pool.close()


async def _pool(address: str, password: str | None, *, read_only: bool) -> Pool:
    if _ASYNCPG.level == logging.NOTSET:
        _ASYNCPG.setLevel(logging.CRITICAL)  # what it tells again and again, our errors say once
    settings = SERVER_SETTINGS | ({"default_transaction_read_only": "on"} if read_only else {})
    try:
        given = parse_qs(address.partition("?")[2], strict_parsing="?" in address)
        return await asyncpg.create_pool(
            address,
            password=password,
            min_size=1,
            max_size=MOST_CONNECTIONS,
            timeout=CONNECT_SECONDS,
            command_timeout=ANSWER_SECONDS,
            server_settings={k: v for k, v in settings.items() if k not in given},
            init=_prepare,
            reset=_keep,
        )
    except FAULTS:
        raise
    except ValueError as error:
        raise Unusable(
            "its address cannot be read; write the characters @ : / ? # % of the user and the"
            " password as %40 %3A %2F %3F %23 %25"
        ) from error


def place_of(address: str) -> str:
    """`address` without user, password and parameters.

    Characters that should have been escaped may stand in the password; then it ends at the last @.
    """
    head, _, parameters = address.partition("://")[2].partition("?")
    if "@" in parameters:  # one of them may be in a password
        return "the PostgreSQL database"
    return "postgresql://" + head.rpartition("@")[2]


async def _prepare(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    major = connection.get_server_version().major
    if major < OLDEST_SERVER:
        raise Unusable(f"PostgreSQL {major} is too old; {OLDEST_SERVER} is needed")
    await connection.execute(_MORE_SETTINGS)
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=_JSONB_VERSION.__add__,
        decoder=_text_of_jsonb,
        format="binary",
    )


def _text_of_jsonb(value: bytes) -> str:
    return value[len(_JSONB_VERSION) :].decode()


async def _keep(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Sessions keep their settings, and have nothing else to reset."""
