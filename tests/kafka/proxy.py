"""A proxy between the client and one broker, that breaks connections and delivers late."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum
from typing import Final

_HEADER: Final = struct.Struct(">hhi")
"""API key, version, correlation id."""


class Api(IntEnum):
    PRODUCE = 0
    METADATA = 3
    ADD_PARTITIONS = 24
    ADD_OFFSETS = 25
    END_TXN = 26
    TXN_OFFSET_COMMIT = 28


class Proxy:
    """Passes frames on, unless told otherwise. It stands for every broker of its cluster."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self.port = 0
        self.delivered = asyncio.Event()
        """What was held has been delivered, and the broker has answered it."""
        self.passing = asyncio.Event()
        self.passing.set()
        """Cleared, nothing passes to the broker."""
        self._break_at: Api | None = None
        self._deliver_at: Api | None = None
        self._held: tuple[asyncio.StreamWriter, bytes, asyncio.Event] | None = None
        self._stop_after: Api | None = None
        self.stopped = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def break_at(self, api: Api) -> None:
        """Hold the next request of this kind, and break the connection that it came by."""
        self._break_at = api

    def deliver_at(self, api: Api) -> None:
        """Deliver what is held just before the next request of this kind is passed on."""
        self._deliver_at = api

    def stop_after(self, api: Api) -> None:
        """Let nothing pass after the next request of this kind, once it is answered."""
        self.stopped.clear()
        self._stop_after = api

    def go_on(self) -> None:
        """Let everything pass again."""
        self.passing.set()

    @property
    def holds(self) -> bool:
        """Whether a request is held that has not been delivered."""
        return self._held is not None

    async def deliver(self) -> None:
        """Deliver what is held, and wait for the answer."""
        assert self._held is not None
        (upstream, frame, answered), self._held = self._held, None
        upstream.write(frame)
        await answered.wait()
        upstream.close()
        self.delivered.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of a client."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            up_reader, up_writer = await asyncio.open_connection(self._host, self._port)
            seen: dict[int, int] = {}
            answered = asyncio.Event()
            back = asyncio.ensure_future(self._answers(up_reader, writer, seen, answered))
            try:
                await self._requests(reader, writer, up_writer, seen, answered)
            finally:
                if self._held is None or self._held[0] is not up_writer:
                    back.cancel()
                    up_writer.close()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _requests(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        upstream: asyncio.StreamWriter,
        seen: dict[int, int],
        answered: asyncio.Event,
    ) -> None:
        while not writer.is_closing():
            frame = await _frame(reader)
            api, _, correlation = _HEADER.unpack_from(frame, 4)
            seen[correlation] = api
            await self.passing.wait()
            if api == self._deliver_at:
                self._deliver_at = None
                await self.deliver()
            if api == self._break_at:
                self._break_at = None
                answered.clear()
                self._held = (upstream, frame, answered)
                writer.close()
                return
            upstream.write(frame)

    async def _answers(
        self,
        upstream: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        seen: dict[int, int],
        answered: asyncio.Event,
    ) -> None:
        try:
            while True:
                frame = await _frame(upstream)
                (correlation,) = struct.unpack_from(">i", frame, 4)
                api = seen.pop(correlation)
                if api == Api.METADATA:
                    frame = _with_port(frame, self.port)
                answered.set()
                if not writer.is_closing():
                    if api == self._stop_after:
                        self._stop_after = None
                        self.passing.clear()
                        self.stopped.set()
                    writer.write(frame)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    async def close(self) -> None:
        """End every connection."""
        self.passing.set()
        for task in [*self._tasks]:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


@asynccontextmanager
async def proxy(address: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy before the broker at `address` (`kafka://HOST:PORT`), and its own address."""
    host, _, port = address.removeprefix("kafka://").rpartition(":")
    made = Proxy(host, int(port))
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made, f"kafka://127.0.0.1:{made.port}"
    finally:
        server.close()
        await made.close()


async def _frame(reader: asyncio.StreamReader) -> bytes:
    size = await reader.readexactly(4)
    return size + await reader.readexactly(int.from_bytes(size, "big"))


def _with_port(frame: bytes, port: int) -> bytes:
    """A Metadata response, version 3 to 8, in which every broker is at 127.0.0.1 and `port`."""
    at = 4 + 4 + 4  # size, correlation id, throttle time
    (brokers,) = struct.unpack_from(">i", frame, at)
    at += 4
    parts = [frame[4:at]]
    for _ in range(brokers):
        node = frame[at : at + 4]
        at += 4
        (length,) = struct.unpack_from(">h", frame, at)
        at += 2 + length + 4  # host, port
        (rack,) = struct.unpack_from(">h", frame, at)
        host = b"127.0.0.1"
        parts += [node, struct.pack(">h", len(host)), host, struct.pack(">i", port)]
        parts.append(frame[at : at + 2 + max(0, rack)])
        at += 2 + max(0, rack)
    body = b"".join([*parts, frame[at:]])
    return struct.pack(">i", len(body)) + body
