"""Ending aiokafka's clients, whatever state they are in.

Their own `stop` ends at the first error and leaves the rest open, waits for what was asked of a
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
    both = (consumer._coordinator, consumer._fetcher)  # noqa: SLF001
    parts = [part for part in both if part is not None]
    try:
        for part in parts:
            await _attempt(part.close())
        await _end_tasks(*parts)
    finally:
        await consumer._client.close()  # noqa: SLF001


async def close_producer(producer: AIOKafkaProducer, *, sound: bool) -> None:
    """End the connections. A transaction that is open stays so, until the broker ends it."""
    sender = producer._sender  # noqa: SLF001
    try:
        if sound:
            await _attempt(producer.stop())
        producer._closed = True  # noqa: SLF001 -- as `stop` does
        await _end_tasks(sender)
    finally:
        _see_errors(producer)
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


async def _end_tasks(*owners: object) -> None:
    """End the tasks that run methods of `owners`, which keep some in local variables only."""
    while tasks := [t for t in asyncio.all_tasks() if any(_self_of(t) is o for o in owners)]:
        for task in tasks:
            task.cancel()
        for task in (await asyncio.wait(tasks, timeout=CLOSE_SECONDS))[0]:
            if not task.cancelled():
                task.exception()


def _self_of(task: asyncio.Task[Any]) -> object:
    frame = getattr(task.get_coro(), "cr_frame", None)
    return frame and frame.f_locals.get("self")


def _see_errors(producer: AIOKafkaProducer) -> None:
    """Look at what is left for nobody to look at, which asyncio would log."""
    pending = producer._message_accumulator._batches.values()  # noqa: SLF001
    left = [batch._drain_waiter for batches in pending for batch in batches]  # noqa: SLF001
    left.append(producer._txn_manager._transaction_waiter)  # noqa: SLF001
    for future in left:
        if future is not None and future.done() and not future.cancelled():
            future.exception()
