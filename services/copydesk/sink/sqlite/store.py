"""The storage in one SQLite file: the side that writes."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import orjson

from copydesk.errors import Refused, Unavailable, Unusable
from copydesk.lock import hold
from copydesk.sink.event import Event
from copydesk.sink.plan import Plan, plan
from copydesk.sink.precedence import Order, State
from copydesk.sink.sqlite.bulk import execute
from copydesk.sink.sqlite.schema import migrate
from copydesk.sink.store import Disposed, Observed, RejectedFile, Settled
from copydesk.sqlite.faults import primary_code, sentence
from copydesk.sqlite.writer import Writer

T = TypeVar("T")

PAGE_BYTES = 4096
"""Small ones: a batch touches a page of an index a row, and each is written twice."""
CACHE_KIBIBYTES = 16 * 1024
"""Of the database's pages, kept in memory: the indexes' upper levels and what is being written."""

_REFUSALS = (sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG)

_EVENT_COLUMNS = Event._fields[:-1]
"""All but `closed_at`, which is the file's."""
_ORDER_COLUMNS = ("current", "last_observed_at", "last_parser_generation", "last_version_id")
_OF_SOURCE = tuple(name for name in _EVENT_COLUMNS if name.startswith(("source_", "parser_")))

_STATES = """
SELECT article_id, revision, source_observed_at, parser_generation, source_version_id,
    last_observed_at, last_parser_generation, last_version_id
FROM json_each(?) AS wanted CROSS JOIN revisions ON article_id = wanted.value
"""
_SETTLED = """
SELECT version_id, outcome, settled_at, article_id, revision, code, reason, field, line
FROM json_each(?) AS wanted CROSS JOIN files ON version_id = wanted.value
WHERE outcome IS NOT NULL
"""
_BODIES = f"""
INSERT INTO revisions ({", ".join(_ORDER_COLUMNS + _EVENT_COLUMNS)}) {{rows}}
ON CONFLICT (article_id, revision) DO UPDATE SET
{", ".join(f"{name} = excluded.{name}" for name in _ORDER_COLUMNS + _OF_SOURCE)}
"""
_MOVES = """
UPDATE revisions SET current = column3,
    last_observed_at = column4, last_parser_generation = column5, last_version_id = column6
FROM ({rows}) WHERE article_id = column1 AND revision = column2
"""
_STORED = """
INSERT INTO files (version_id, inbox, path, size, sha256, closed_at, observed_at,
    outcome, article_id, revision, settled_at) {rows}
ON CONFLICT (version_id) DO UPDATE SET outcome = excluded.outcome,
    article_id = excluded.article_id, revision = excluded.revision, settled_at = excluded.settled_at
"""
_OBSERVED = """
INSERT INTO files (version_id, inbox, path, size, sha256, closed_at, observed_at) {rows}
ON CONFLICT (version_id) DO UPDATE SET size = excluded.size, sha256 = excluded.sha256,
    closed_at = excluded.closed_at, observed_at = excluded.observed_at
WHERE files.observed_at IS NULL
"""
_REJECTED = """
INSERT INTO files (version_id, inbox, path, settled_at, outcome, code, reason, field, line) {rows}
ON CONFLICT (version_id) DO UPDATE SET settled_at = excluded.settled_at,
    outcome = excluded.outcome, code = excluded.code, reason = excluded.reason,
    field = excluded.field, line = excluded.line
WHERE files.outcome IS NULL
"""
_DISPOSED = """
INSERT INTO files (version_id, inbox, path, disposition, moved_to, disposed_at) {rows}
ON CONFLICT (version_id) DO UPDATE SET disposition = excluded.disposition,
    moved_to = excluded.moved_to, disposed_at = excluded.disposed_at
WHERE files.disposition IS NULL
"""


@asynccontextmanager
async def open_sqlite_store(path: Path) -> AsyncIterator[SqliteStore]:
    """The storage at `path` for the one process that writes it; made where there is none.

    Raises Locked where another process has it, Unusable where it cannot be used.
    """
    async with AsyncExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(hold(path))
            writer = await stack.enter_async_context(Writer(path, _prepare, PAGE_BYTES))
        except OSError as error:
            raise Unusable(f"{path}: the storage cannot be made: {error.strerror}") from error
        except sqlite3.Error as error:
            raise Unusable(sentence(path, error)) from error
        except Unusable as error:
            raise Unusable(f"{path}: {error}") from error
        yield SqliteStore(path, writer)


def _prepare(connection: sqlite3.Connection) -> None:
    migrate(connection)
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")


class SqliteStore:
    """See `Store`."""

    def __init__(self, path: Path, writer: Writer) -> None:
        self._path = path
        self._writer = writer

    async def record_articles(self, events: Sequence[Event], now: str) -> Sequence[Settled]:
        """See `Store.record_articles`."""

        def job(connection: sqlite3.Connection) -> Sequence[Settled]:
            planned = plan(events, _states(connection, events), _settled(connection, events), now)
            _write(connection, planned)
            return planned.answers

        return await self._run(job) if events else ()

    async def record_files(
        self,
        observed: Sequence[Observed] = (),
        rejected: Sequence[RejectedFile] = (),
        disposed: Sequence[Disposed] = (),
    ) -> None:
        """See `Store.record_files`."""

        def job(connection: sqlite3.Connection) -> None:
            execute(connection, _OBSERVED, observed)
            rows = [(*row[:4], "rejected", *row[4:]) for row in rejected]
            execute(connection, _REJECTED, rows)
            execute(connection, _DISPOSED, disposed)

        if observed or rejected or disposed:
            await self._run(job)

    async def _run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await self._writer.run(job)
        except sqlite3.Error as error:
            code = primary_code(error)
            if not code:  # Python's own: we misused the library, which is a bug of ours
                raise
            words = sentence(self._path, error)
            raise (Refused(words) if code in _REFUSALS else Unavailable(words)) from error


def _states(connection: sqlite3.Connection, events: Sequence[Event]) -> dict[str, list[State]]:
    ids = orjson.dumps(list({event.article_id for event in events})).decode()
    states: dict[str, list[State]] = {}
    for row in connection.execute(_STATES, (ids,)).fetchall():
        article_id, revision, *orders = row
        first = Order(orders[0], orders[1], revision, orders[2])
        last = Order(orders[3], orders[4], revision, orders[5])
        states.setdefault(article_id, []).append(State(first, last))
    return states


def _settled(connection: sqlite3.Connection, events: Sequence[Event]) -> dict[str, Settled]:
    ids = orjson.dumps([event.source_version_id for event in events]).decode()
    settled: dict[str, Settled] = {}
    for row in connection.execute(_SETTLED, (ids,)).fetchall():
        version_id, outcome, at, article_id, revision, code, reason, field, line = row
        settled[version_id] = Settled(
            version_id,
            outcome,
            at,
            article_id,
            revision,
            {"code": code, "reason": reason, "field": field, "line": line} if code else None,
            fresh=False,
        )
    return settled


def _write(connection: sqlite3.Connection, planned: Plan) -> None:
    # What is no longer current goes first: a moment with two present states is never there.
    moves = [
        (move.article_id, move.state.revision, int(move.current), *_last(move.state))
        for move in planned.moves
    ]
    execute(connection, _MOVES, moves)
    bodies = [
        (int(body.current), *_last(body.state), *body.event[: len(_EVENT_COLUMNS)])
        for body in planned.bodies
    ]
    execute(connection, _BODIES, bodies)
    stored = [
        (
            event.source_version_id,
            event.source_inbox,
            event.source_path,
            event.source_bytes,
            event.source_sha256,
            event.closed_at,
            event.source_observed_at,
            answer.outcome,
            event.article_id,
            event.revision,
            answer.at,
        )
        for event, answer in planned.settled
    ]
    execute(connection, _STORED, stored)


def _last(state: State) -> tuple[str, int, str]:
    last = state.last
    return last.observed_at, last.generation, last.version_id
