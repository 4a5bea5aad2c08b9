"""Ending aiokafka's clients, whatever state they are in.

Their own `stop` ends at the first error and leaves the rest open, waits for whatever was asked of a
broker that may be away, and stumbles over tasks that have not begun yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

CLOSE_SECONDS: Final = 2.0
"""How long each part may take to end well."""


async def close_consumer(consumer: AIOKafkaConsumer) -> None:
    """Leave the group, if it is in one, and end the connections."""
    consumer._closed = True  # noqa: SLF001 -- as its `stop` does, part by part
    coordinator, fetcher = consumer._coordinator, consumer._fetcher  # noqa: SLF001
    try:
        if coordinator is not None:
            await _attempt(coordinator.close())
            if hasattr(coordinator, "group_id"):
                await _attempt(coordinator._stop_heartbeat_task())  # noqa: SLF001
                await _attempt(coordinator._stop_commit_offsets_refresh_task())  # noqa: SLF001
        if fetcher is not None:
            await _attempt(fetcher.close())
    finally:
        await consumer._client.close()  # noqa: SLF001


async def close_producer(producer: AIOKafkaProducer) -> None:
    """End the connections. A transaction that is open stays so, until the broker ends it."""
    try:
        await _attempt(producer.stop())
    finally:
        await producer.client.close()


async def _attempt(closing: Coroutine[Any, Any, object]) -> None:
    task = asyncio.ensure_future(closing)
    try:
        await asyncio.wait({task}, timeout=CLOSE_SECONDS)
    finally:
        task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # seen; there is nothing to be done about it
