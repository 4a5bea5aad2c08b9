"""The storage in PostgreSQL: the side that writes, beside others that do the same.

Whoever writes an article holds its lock until it commits; the lock is an advisory one, as the first
event of an article has no row that could be locked. Locks are taken sorted, so that two sinks with
the same articles wait for each other and never in a circle; what is read after that is read anew,
so each plans with what the other committed. Rows of `files` are written sorted, too.

All data goes as parameters: a server waits for the rest of a COPY for ever, and a sink frozen in it
would hold its locks as long. Before a statement's parameters it waits as long as it may be idle.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from copydesk.errors import Unavailable
from copydesk.sink.event import Event
from copydesk.sink.plan import Plan, plan
from copydesk.sink.postgres.connect import Database, connected
from copydesk.sink.postgres.rows import (
    EVENT_COLUMNS,
    ORDER_COLUMNS,
    check_ids,
    file_settled,
    files_noted,
    lock_keys,
    revision_of_body,
    revision_of_move,
    settled_of,
    state_of,
)
from copydesk.sink.postgres.schema import migrate
from copydesk.sink.precedence import State
from copydesk.sink.store import Disposed, Observed, RejectedFile, Settled

if TYPE_CHECKING:
    from copydesk.sink.postgres.connect import Connection

BODIES_AT_ONCE = 64
"""About half a megabyte of articles. A statement with more costs the client half as much again, as
its memory is no longer in the processor's cache nor at hand from the allocator."""

_OF_SOURCE = tuple(name for name in EVENT_COLUMNS if name.startswith(("source_", "parser_")))
_GROUPS = {
    "observed_at": ("size", "sha256", "closed_at", "observed_at"),
    "outcome": ("outcome", "code", "reason", "field", "line", "settled_at"),
    "disposition": ("disposition", "moved_to", "disposed_at"),
}
"""What is noted of a version together, by the column that says whether it is."""

_LOCK = "SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS key"
_STATES = """
SELECT article_id::text, revision,
    source_observed_at, parser_generation, source_version_id::text,
    last_observed_at, last_parser_generation, last_version_id::text
FROM revisions WHERE article_id = ANY ($1::uuid[])
"""
_SETTLED = """
SELECT version_id::text, outcome, settled_at, article_id::text, revision, code, reason, field, line
FROM files WHERE version_id = ANY ($1::uuid[]) AND outcome IS NOT NULL
"""
_BODIES = f"""
INSERT INTO revisions SELECT * FROM unnest($1::revisions[])
ON CONFLICT (article_id, revision) DO UPDATE SET
{", ".join(f"{name} = excluded.{name}" for name in ORDER_COLUMNS + _OF_SOURCE)}
"""
_MOVES = f"""
UPDATE revisions SET {", ".join(f"{name} = move.{name}" for name in ORDER_COLUMNS)}
FROM unnest($1::revisions[]) AS move
WHERE revisions.article_id = move.article_id AND revisions.revision = move.revision
"""
_STORED = """
INSERT INTO files SELECT * FROM unnest($1::files[])
ON CONFLICT (version_id) DO UPDATE SET outcome = excluded.outcome,
    article_id = excluded.article_id, revision = excluded.revision, settled_at = excluded.settled_at
WHERE files.outcome IS NULL
"""
_kept = (
    f"{name} = CASE WHEN files.{key} IS NULL THEN excluded.{name} ELSE files.{name} END"
    for key, names in _GROUPS.items()
    for name in names
)
_new = (f"files.{key} IS NULL AND excluded.{key} IS NOT NULL" for key in _GROUPS)
_NOTED = f"""
INSERT INTO files SELECT * FROM unnest($1::files[])
ON CONFLICT (version_id) DO UPDATE SET {", ".join(_kept)}
WHERE {" OR ".join(_new)}
"""


@asynccontextmanager
async def open_postgres_store(address: str, password: str | None) -> AsyncIterator[PostgresStore]:
    """The storage at `address`, made or brought up to date where necessary; any number may write.

    Raises Unusable where it cannot be used.
    """
    async with connected(address, password, migrate) as database:
        yield PostgresStore(database)


class PostgresStore:
    """See `Store`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record_articles(self, events: Sequence[Event], now: str) -> Sequence[Settled]:
        """See `Store.record_articles`."""
        if not events:
            return ()
        check_ids(events)
        keys = lock_keys(events)
        async with self._database.transaction() as connection:
            await connection.execute(_LOCK, keys)
            states, settled = await _states(connection, events), await _settled(connection, events)
            planned = plan(events, states, settled, now)
            if not await _write(connection, planned):
                raise Unavailable(
                    f"{self._database.place}: another sink settled the same versions just now"
                )
        return planned.answers

    async def record_files(
        self,
        observed: Sequence[Observed] = (),
        rejected: Sequence[RejectedFile] = (),
        disposed: Sequence[Disposed] = (),
    ) -> None:
        """See `Store.record_files`."""
        rows = files_noted(observed, rejected, disposed)
        if rows:
            async with self._database.connection() as connection:
                await connection.execute(_NOTED, rows)


async def _states(connection: Connection, events: Sequence[Event]) -> dict[str, list[State]]:
    states: dict[str, list[State]] = {}
    for row in await connection.fetch(_STATES, list({event.article_id for event in events})):
        states.setdefault(row["article_id"], []).append(state_of(row))
    return states


async def _settled(connection: Connection, events: Sequence[Event]) -> dict[str, Settled]:
    rows = await connection.fetch(_SETTLED, [event.source_version_id for event in events])
    return {row["version_id"]: settled_of(row) for row in rows}


async def _write(connection: Connection, planned: Plan) -> bool:
    """Whether all of the plan is written; if not, somebody has settled one of its versions.

    It is somebody who had another article in the same version, so that no lock kept us apart.
    """
    # What is no longer current goes first: a moment with two present states is never there.
    if planned.moves:
        await connection.execute(_MOVES, [revision_of_move(move) for move in planned.moves])
    bodies = [revision_of_body(body) for body in planned.bodies]
    for begin in range(0, len(bodies), BODIES_AT_ONCE):
        await connection.execute(_BODIES, bodies[begin : begin + BODIES_AT_ONCE])
    rows = sorted((file_settled(event, answer) for event, answer in planned.settled), key=_version)
    return not rows or await connection.execute(_STORED, rows) == f"INSERT 0 {len(rows)}"


def _version(row: Sequence[object]) -> str:
    return str(row[0])
