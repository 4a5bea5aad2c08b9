"""A way to the server that can stop half-way, as a frozen client does, and that can speak TLS.

Not every server can: the wheel's is built without. TLS with PostgreSQL is the usual handshake after
the client's eight bytes that ask for it, and an S.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

CHUNK = 4096


class Proxy:
    """Passes on what client and server say to each other; in TLS with the client, given `tls`."""

    def __init__(self, server: str, tls: ssl.SSLContext | None) -> None:
        self.tls = tls
        self._parts = urlsplit(server)
        self._left: int | None = None
        self._clients: set[asyncio.Task[None]] = set()
        self.stalled = asyncio.Event()

    def address(self, port: int) -> str:
        """That of the server, by way of this."""
        user, at, _ = self._parts.netloc.rpartition("@")
        return urlunsplit(self._parts._replace(netloc=f"{user}{at}127.0.0.1:{port}"))

    def stall_after(self, size: int) -> None:
        """Let through so many bytes more of what clients say, and hold back all after them."""
        self._left = size

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A client has come."""
        self._clients.add(asyncio.create_task(self._serve(reader, writer)))

    async def end(self) -> None:
        """Hang up on everybody."""
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.tls and not await _begin_tls(reader, writer, self.tls):
            return
        above = await asyncio.open_connection(self._parts.hostname, self._parts.port or 5432)
        up = asyncio.create_task(self._up(reader, above[1]))
        try:
            while some := await above[0].read(CHUNK):
                writer.write(some)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            up.cancel()
            for side in (above[1], writer):
                side.close()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while some := await reader.read(CHUNK):
                if self._left is not None:
                    some = some[: self._left]
                    self._left -= len(some)
                writer.write(some)
                await writer.drain()
                if self._left == 0:
                    self.stalled.set()
                    await asyncio.Event().wait()
            writer.close()


async def _begin_tls(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls: ssl.SSLContext
) -> bool:
    """Whether the client trusts us."""
    try:
        await reader.readexactly(8)
        writer.write(b"S")
        await writer.start_tls(tls)
    except (ConnectionError, EOFError, ssl.SSLError):
        writer.close()
        return False
    return True


@asynccontextmanager
async def proxy(server: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy for the server at the address `server`, and the address to use instead."""
    between = Proxy(server, tls)
    listening = await asyncio.start_server(between.accept, "127.0.0.1", 0)
    try:
        yield between, between.address(listening.sockets[0].getsockname()[1])
    finally:
        listening.close()
        await between.end()
