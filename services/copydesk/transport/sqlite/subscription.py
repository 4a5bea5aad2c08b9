"""A group's share of a topic: on SQLite, all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from copydesk.transport.api import Batch, Message, Record
from copydesk.transport.bounds import first_of, following, index_of
from copydesk.transport.sqlite import append, fetch
from copydesk.transport.sqlite.file import LogFile


class SqliteSubscription:
    """Reads ahead by whole frames and hands out parts of them."""

    def __init__(self, file: LogFile, topic: str, group: str, appended: asyncio.Event) -> None:
        self._file = file
        self._topic = topic
        self._group = group
        self._appended = appended
        self._position: int | None = None
        """The group's, None when it has to be read again."""
        self._ahead: list[Record] = []
        """Records from there on, as far as they have been read."""
        self._read_to = 0

    async def poll(
        self, max_records: int, max_bytes: int, max_wait: float, in_hand: Sequence[Batch] = ()
    ) -> Batch | None:
        """See `Subscription.poll`."""
        start = following(in_hand, 0, await self._rejoined())
        ahead = self._beyond(start)
        if not ahead:
            await self._fetch(max_records, max_bytes, max_wait)
            ahead = self._beyond(start)
        if not ahead:
            return None
        taken = first_of(ahead, max_records, max_bytes)
        whole = len(taken) == len(ahead)
        end = self._read_to if whole else ahead[len(taken)].offset
        return Batch(self._topic, 0, start, end, taken)

    async def commit(self, batch: Batch, outputs: Sequence[Message] = ()) -> None:
        """See `Subscription.commit`."""
        try:
            await self._file.publish(
                outputs,
                also=lambda connection: append.advance(
                    connection, self._topic, self._group, batch.start, batch.end
                ),
            )
        except BaseException:
            self._position = None
            raise
        self._position = batch.end
        self._ahead = self._beyond(batch.end)

    def _beyond(self, offset: int) -> list[Record]:
        return self._ahead[index_of(self._ahead, offset) :]

    async def _rejoined(self) -> int:
        if self._position is None:
            self._position = await self._file.write(
                lambda connection: append.join(connection, self._topic, self._group)
            )
            self._ahead, self._read_to = [], self._position
        return self._position

    async def _fetch(self, max_records: int, max_bytes: int, max_wait: float) -> None:
        deadline = asyncio.get_running_loop().time() + max_wait
        while True:
            self._appended.clear()
            read, self._read_to = await self._file.query(
                lambda connection: fetch.records(
                    connection, self._topic, self._read_to, max_records, max_bytes
                )
            )
            self._ahead += read
            if read:
                return
            try:
                async with asyncio.timeout_at(deadline):
                    await self._appended.wait()
            except TimeoutError:
                return
