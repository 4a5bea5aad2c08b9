"""The log between the services as one SQLite file."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import files
from pathlib import Path

from copydesk.errors import Unusable
from copydesk.lock import hold
from copydesk.sqlite.faults import sentence
from copydesk.sqlite.writer import Writer
from copydesk.transport.api import Topic
from copydesk.transport.sqlite.file import LogFile
from copydesk.transport.sqlite.log import SqliteLog
from copydesk.transport.sqlite.upkeep import keep_up

SCHEMA_VERSION = 1


@asynccontextmanager
async def open_log(path: Path, topics: Sequence[Topic]) -> AsyncIterator[SqliteLog]:
    """The log at `path` for the one process that writes it; made where there is none.

    Raises Locked where another process has it, Unusable where it cannot be used.
    """
    async with AsyncExitStack() as stack:
        try:
            await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
            stack.enter_context(hold(path))
            writer = await stack.enter_async_context(Writer(path, _prepare))
        except OSError as error:
            raise Unusable(f"{path}: the log cannot be made: {error.strerror}") from error
        except sqlite3.Error as error:
            raise Unusable(sentence(path, error)) from error
        file = LogFile(path, writer)
        stack.push_async_callback(file.close)
        log = SqliteLog(file)
        await log.ensure(topics)
        upkeep = asyncio.create_task(keep_up(file, topics))
        try:
            yield log
        finally:
            upkeep.cancel()
            await asyncio.wait([upkeep])


@asynccontextmanager
async def open_log_to_read(path: Path) -> AsyncIterator[SqliteLog]:
    """The log at `path` for a process that reads it beside the one that writes.

    Raises Unusable where there is none.
    """
    if not await asyncio.to_thread(path.exists):
        raise Unusable(f"{path}: there is no log; has `copydesk run` been started with this data?")
    file = LogFile(path, None)
    try:
        yield SqliteLog(file)
    finally:
        await file.close()


def _prepare(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise Unusable(
            f"the log was written by a newer copydesk (its version {version}, ours"
            f" {SCHEMA_VERSION}); use that one"
        )
    if version < SCHEMA_VERSION:
        schema = files(__package__).joinpath("schema.sql").read_text()
        connection.executescript(f"BEGIN; {schema} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
