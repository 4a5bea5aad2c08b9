"""Serving inside the loop that the pipeline turns on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import uvicorn
from starlette.types import ASGIApp

from copydesk.errors import Unusable


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one.

    Raises Unusable where the address is taken or not ours.
    """
    try:
        (family, _, _, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        raise Unusable(
            f"cannot serve on {host} port {port}: {error.strerror or error}; "
            "choose another with --port (0: any free one) or --host"
        ) from error


def address(listening: socket.socket) -> str:
    """The URL of what is served there."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(app: ASGIApp, listening: socket.socket, stopping: asyncio.Event) -> None:
    """Serve `app` until `stopping` is set; requests in hand are answered first."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    with closing(listening):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve([listening]))
            await stopping.wait()
            server.should_exit = True


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process: it has batches to commit."""
        yield
