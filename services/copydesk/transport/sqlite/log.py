"""The log in one SQLite file: one process writes it, any number read it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from sqlite3 import Connection

from copydesk.transport.api import Difference, Lag, Message, Record, Replaced, Size, Start, Topic
from copydesk.transport.sqlite import append, fetch
from copydesk.transport.sqlite.file import LogFile
from copydesk.transport.sqlite.subscription import SqliteSubscription

READ_RECORDS = 1000
READ_BYTES = 1 << 20


class SqliteLog:
    """The log in `file`."""

    def __init__(self, file: LogFile) -> None:
        self.file = file
        self._holders: dict[str, object] = {}

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
        await self.file.write(lambda connection: append.join(connection, topic, group))
        with self.file.listening(topic) as appended:
            yield SqliteSubscription(self.file, topic, group, appended)

    async def read(
        self, topic: str, start: Start, *, follow: bool
    ) -> AsyncIterator[Sequence[Record]]:
        """See `Transport.read`."""
        query = self.file.query
        with self.file.listening(topic) as appended:
            end = await query(lambda connection: fetch.end_of(connection, topic))
            offset = await query(lambda connection: fetch.offset_of(connection, topic, start))
            while follow or offset < end:
                appended.clear()
                records, offset = await query(partial(_some, topic, offset))
                if not follow:
                    records = [record for record in records if record.offset < end]
                if records:
                    yield records
                elif follow:
                    await self.file.appended_or_later(appended)
                else:
                    return

    async def lag(self, topic: str, group: str) -> Lag:
        """See `Transport.lag`."""
        return await self.file.query(lambda connection: fetch.lag(connection, topic, group))

    async def size(self, topic: str) -> Size:
        """See `Transport.size`."""
        return await self.file.query(lambda connection: fetch.size(connection, topic))

    async def ensure(self, topics: Sequence[Topic]) -> Sequence[Difference]:
        """See `Transport.ensure`. On SQLite nothing can differ: limits are set anew each time."""
        await self.file.write(lambda connection: append.ensure(connection, topics))
        return ()


def _some(topic: str, offset: int, connection: Connection) -> tuple[list[Record], int]:
    return fetch.records(connection, topic, offset, READ_RECORDS, READ_BYTES)


class SqlitePublisher:
    """Publishes for as long as it is the last that was opened under its name."""

    def __init__(self, log: SqliteLog, name: str) -> None:
        self._log = log
        self._name = name

    async def publish(self, messages: Sequence[Message]) -> None:
        """See `Publisher.publish`."""
        self._log.check_holds(self._name, self)
        await self._log.file.publish(messages)
