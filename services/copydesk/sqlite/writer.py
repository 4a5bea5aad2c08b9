"""One connection that writes, on one thread that does nothing else."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TypeVar

from copydesk.sqlite.connect import PAGE_BYTES, connect_writer

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]

CHECKPOINT_SECONDS = 1.0
"""How often, while there is something to write, the write-ahead log is copied into the database."""
MAX_TOGETHER = 32
"""Jobs that share one transaction, and so one wait for the disk."""


class Writer:
    """Runs jobs in transactions, in the order in which they come.

    Jobs that wait at the same time share a transaction, each behind a savepoint of its own: a job
    that raises undoes only itself. What a job returned is told only after the commit.
    """

    def __init__(
        self,
        path: Path,
        prepare: Callable[[sqlite3.Connection], None],
        page_bytes: int = PAGE_BYTES,
    ) -> None:
        """`prepare` is called once with the new connection, outside any transaction."""
        self._path = path
        self._page_bytes = page_bytes
        self._prepare = prepare
        self._jobs: queue.SimpleQueue[tuple[Job[Any], asyncio.Future[Any]] | None] = (
            queue.SimpleQueue()
        )

    async def __aenter__(self) -> Self:
        """Open the file. Raises sqlite3.Error, or what `prepare` raises."""
        self._loop = asyncio.get_running_loop()
        opened: asyncio.Future[None] = self._loop.create_future()
        name = f"writes {self._path.name}"
        self._thread = threading.Thread(target=self._work, args=(opened,), name=name, daemon=True)
        self._thread.start()
        await opened
        return self

    async def __aexit__(self, *_: object) -> None:
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    async def run(self, job: Job[T]) -> T:
        """What `job` returned, once it is durable.

        Raises what the job raised, or sqlite3.Error when the commit failed; in both cases nothing
        of the job is in the file. Cancelled meanwhile, the job may be done or not.
        """
        done: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put((job, done))
        return await done

    def _work(self, opened: asyncio.Future[None]) -> None:
        try:
            connection = self._open()
        except BaseException as error:  # noqa: BLE001 -- handed to the one who waits for it
            self._tell([(opened, None, error)])
            return
        self._tell([(opened, None, None)])
        next_checkpoint = 0.0
        while together := self._take():
            self._tell(_commit_together(connection, together))
            if time.monotonic() >= next_checkpoint:
                with suppress(sqlite3.Error):  # the next one will copy what this one could not
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                next_checkpoint = time.monotonic() + CHECKPOINT_SECONDS
        connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = connect_writer(self._path, self._page_bytes)
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _take(self) -> list[tuple[Job[Any], asyncio.Future[Any]]]:
        """The jobs that wait now, at least one; none at the end."""
        together = []
        entry = self._jobs.get()
        while entry is not None:
            together.append(entry)
            if len(together) == MAX_TOGETHER or self._jobs.empty():
                return together
            entry = self._jobs.get()
        if together:
            self._jobs.put(None)  # the end comes next time
        return together

    def _tell(self, results: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
        self._loop.call_soon_threadsafe(_settle, results)


def _commit_together(
    connection: sqlite3.Connection,
    jobs: list[tuple[Job[Any], asyncio.Future[Any]]],
) -> list[tuple[asyncio.Future[Any], Any, BaseException | None]]:
    results: list[tuple[asyncio.Future[Any], Any, BaseException | None]] = []
    try:
        connection.execute("BEGIN IMMEDIATE")
        for job, future in jobs:
            results.append((future, *_run_alone(connection, job)))
        connection.execute("COMMIT")
    except BaseException as error:  # noqa: BLE001 -- handed to those who wait for it
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        return [(future, None, error) for _, future in jobs]
    return results


def _run_alone(connection: sqlite3.Connection, job: Job[Any]) -> tuple[Any, BaseException | None]:
    connection.execute("SAVEPOINT job")
    try:
        result = job(connection)
    except BaseException as error:
        if not connection.in_transaction:  # SQLite gave up the whole transaction, as when full
            raise
        connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")
        return None, error
    connection.execute("RELEASE job")
    return result, None


def _settle(results: list[tuple[asyncio.Future[Any], Any, BaseException | None]]) -> None:
    for future, result, error in results:
        if future.done():  # cancelled meanwhile
            continue
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
