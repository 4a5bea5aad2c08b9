"""The log's SQLite file: one connection writes it, one reads it, and appending wakes who waits."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from copydesk.sqlite.connect import connect_reader
from copydesk.sqlite.faults import sentence
from copydesk.sqlite.writer import Writer
from copydesk.transport.api import Message, TransportError
from copydesk.transport.sqlite import append

T = TypeVar("T")

LOOK_AGAIN_SECONDS = 0.2
"""How often a reader that is not in the writing process looks for new records."""


class LogFile:
    """The file at `path`. `writer` is None where this process only reads."""

    def __init__(self, path: Path, writer: Writer | None) -> None:
        self._path = path
        self._writer = writer
        self._reads = ThreadPoolExecutor(1, thread_name_prefix=f"reads {path.name}")
        self._connection: sqlite3.Connection | None = None
        self._listeners: dict[str, set[asyncio.Event]] = {}

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

    @contextmanager
    def listening(self, topic: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever this process has appended to `topic`."""
        event = asyncio.Event()
        listeners = self._listeners.setdefault(topic, set())
        listeners.add(event)
        try:
            yield event
        finally:
            listeners.discard(event)

    async def appended_or_later(self, appended: asyncio.Event) -> None:
        """Wait until there may be more to read; `appended` is what `listening` gave."""
        if self._writer is not None:
            await appended.wait()
        else:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise TransportError(sentence(self._path, error)) from error
