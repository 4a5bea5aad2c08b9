"""A group's share of a topic: on SQLite, all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from copydesk.transport.api import Batch, Message, Record
from copydesk.transport.bounds import first_of
from copydesk.transport.sqlite import append, fetch
from copydesk.transport.sqlite.file import LogFile


class SqliteSubscription:
    """Reads ahead by whole frames and hands out parts of them."""

    def __init__(self, file: LogFile, topic: str, group: str, appended: asyncio.Event) -> None:
        self._file = file
        self._topic = topic
        self._group = group
        self._appended = appended
        self._start: int | None = None
        """Where the next batch starts, None when the position has to be read again."""
        self._ahead: list[Record] = []
        """Records from there on, as far as they have been read."""
        self._read_to = 0

    async def poll(self, max_records: int, max_bytes: int, max_wait: float) -> Batch | None:
        """See `Subscription.poll`."""
        start = await self._rejoined()
        if not self._ahead and not await self._fetch(max_records, max_bytes, max_wait):
            return None
        taken = first_of(self._ahead, max_records, max_bytes)
        whole = len(taken) == len(self._ahead)
        end = self._read_to if whole else self._ahead[len(taken)].offset
        return Batch(self._topic, 0, start, end, taken)

    async def commit(self, batch: Batch, outputs: Sequence[Message] = ()) -> None:
        """See `Subscription.commit`."""
        if batch.start == self._start:
            self._start = batch.end
            self._ahead = self._ahead[len(batch.records) :]
        try:
            await self._file.publish(
                outputs,
                also=lambda connection: append.advance(
                    connection, self._topic, self._group, batch.start, batch.end
                ),
            )
        except BaseException:
            self._start = None
            raise

    async def _rejoined(self) -> int:
        if self._start is None:
            self._start = await self._file.write(
                lambda connection: append.join(connection, self._topic, self._group)
            )
            self._ahead, self._read_to = [], self._start
        return self._start

    async def _fetch(self, max_records: int, max_bytes: int, max_wait: float) -> bool:
        deadline = asyncio.get_running_loop().time() + max_wait
        while True:
            self._appended.clear()
            self._ahead, self._read_to = await self._file.query(
                lambda connection: fetch.records(
                    connection, self._topic, self._read_to, max_records, max_bytes
                )
            )
            if self._ahead:
                return True
            try:
                async with asyncio.timeout_at(deadline):
                    await self._appended.wait()
            except TimeoutError:
                return False
