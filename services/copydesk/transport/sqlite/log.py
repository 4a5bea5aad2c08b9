"""The log in one SQLite file: one process writes it, any number read it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from copydesk.sqlite.connect import connect_reader
from copydesk.sqlite.faults import sentence
from copydesk.sqlite.writer import Writer
from copydesk.transport.api import (
    Difference,
    Lag,
    Message,
    Record,
    Replaced,
    Size,
    Start,
    Topic,
    TransportError,
)
from copydesk.transport.sqlite import append, fetch
from copydesk.transport.sqlite.subscription import SqliteSubscription

T = TypeVar("T")

READ_RECORDS = 1000
READ_BYTES = 1 << 20
LOOK_AGAIN_SECONDS = 0.2
"""How often a reader that is not in the writing process looks for new records."""


class SqliteLog:
    """The log in the file at `path`. `writer` is None where this process only reads."""

    def __init__(self, path: Path, writer: Writer | None) -> None:
        self._path = path
        self._writer = writer
        self._reads = ThreadPoolExecutor(1, thread_name_prefix=f"reads {path.name}")
        self._connection: sqlite3.Connection | None = None
        self._listeners: dict[str, set[asyncio.Event]] = {}
        self._holders: dict[str, object] = {}

    async def close(self) -> None:
        """End the reading thread and its connection."""

        def close() -> None:
            if self._connection:
                self._connection.close()

        await asyncio.get_running_loop().run_in_executor(self._reads, close)
        self._reads.shutdown()

    async def write(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job` in a transaction of the writing connection."""
        if self._writer is None:
            raise TransportError(f"{self._path} was opened for reading only")
        with self._translated():
            return await self._writer.run(job)

    async def query(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job` with the reading connection."""

        def run() -> T:
            if self._connection is None:
                self._connection = connect_reader(self._path)
            return job(self._connection)

        with self._translated():
            return await asyncio.get_running_loop().run_in_executor(self._reads, run)

    async def publish(
        self,
        messages: Sequence[Message],
        also: Callable[[sqlite3.Connection], None] = lambda _: None,
    ) -> None:
        """Append `messages` and do `also`, in one transaction; then wake who waits for them."""

        def job(connection: sqlite3.Connection) -> None:
            also(connection)
            append.append(connection, messages)

        try:
            await self.write(job)
        finally:  # when it was cancelled, too: it may have been done
            for topic in {message.topic for message in messages}:
                for event in self._listeners.get(topic, ()):
                    event.set()

    @asynccontextmanager
    async def publisher(self, name: str) -> AsyncIterator[SqlitePublisher]:
        """See `Transport.publisher`."""
        publisher = SqlitePublisher(self, name)
        self._holders[name] = publisher
        yield publisher

    def check_holds(self, name: str, publisher: object) -> None:
        """Raise Replaced where the name `name` belongs to another than `publisher` by now."""
        if self._holders.get(name) is not publisher:
            raise Replaced(f"another publisher took the name {name} in this process")

    @asynccontextmanager
    async def subscribe(self, topic: str, group: str) -> AsyncIterator[SqliteSubscription]:
        """See `Transport.subscribe`."""
        await self.write(lambda connection: append.join(connection, topic, group))
        with self._listening(topic) as appended:
            yield SqliteSubscription(self, topic, group, appended)

    async def read(
        self, topic: str, start: Start, *, follow: bool
    ) -> AsyncIterator[Sequence[Record]]:
        """See `Transport.read`."""
        with self._listening(topic) as appended:
            end = await self.query(lambda connection: fetch.end_of(connection, topic))
            offset = await self.query(lambda connection: fetch.offset_of(connection, topic, start))
            while follow or offset < end:
                appended.clear()
                records, offset = await self.query(partial(_some, topic, offset))
                if not follow:
                    records = [record for record in records if record.offset < end]
                if records:
                    yield records
                elif follow:
                    await self._appended_or_later(appended)
                else:
                    return

    async def lag(self, topic: str, group: str) -> Lag:
        """See `Transport.lag`."""
        return await self.query(lambda connection: fetch.lag(connection, topic, group))

    async def size(self, topic: str) -> Size:
        """See `Transport.size`."""
        return await self.query(lambda connection: fetch.size(connection, topic))

    async def ensure(self, topics: Sequence[Topic]) -> Sequence[Difference]:
        """See `Transport.ensure`. On SQLite nothing can differ: limits are set anew each time."""
        await self.write(lambda connection: append.ensure(connection, topics))
        return ()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise TransportError(sentence(self._path, error)) from error

    @contextmanager
    def _listening(self, topic: str) -> Iterator[asyncio.Event]:
        event = asyncio.Event()
        listeners = self._listeners.setdefault(topic, set())
        listeners.add(event)
        try:
            yield event
        finally:
            listeners.discard(event)

    async def _appended_or_later(self, appended: asyncio.Event) -> None:
        if self._writer is not None:
            await appended.wait()
        else:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _some(topic: str, offset: int, connection: sqlite3.Connection) -> tuple[list[Record], int]:
    return fetch.records(connection, topic, offset, READ_RECORDS, READ_BYTES)


class SqlitePublisher:
    """Publishes for as long as it is the last that was opened under its name."""

    def __init__(self, log: SqliteLog, name: str) -> None:
        self._log = log
        self._name = name

    async def publish(self, messages: Sequence[Message]) -> None:
        """See `Publisher.publish`."""
        self._log.check_holds(self._name, self)
        await self._log.publish(messages)
