"""Reading without a group."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from copydesk.transport.api import At, Record, Since, Start, TransportError
from copydesk.transport.kafka.asking import NONE, Asker, Offsets
from copydesk.transport.kafka.client import Cluster
from copydesk.transport.kafka.closing import close_consumer
from copydesk.transport.kafka.faults import translated

WAIT_SECONDS: Final = 0.2
"""How long a fetch waits before it is looked whether the end has been reached without it."""


async def read(
    cluster: Cluster, asker: Asker, topic: str, start: Start, *, follow: bool
) -> AsyncIterator[Sequence[Record]]:
    """See `Transport.read`.

    The end is the high watermark at the call: records of a transaction that is open then are
    waited for, since they may hide committed ones behind them.
    """
    partitions = await asker.partitions(topic)
    ends: Offsets = {} if follow else await asker.end(partitions)
    starts = await _starts(asker, partitions, start)
    left = [p for p in partitions if follow or starts[p] < ends[p]]
    if not left:
        return
    async with reader(cluster, starts) as consumer:
        while left:
            with translated(f"reading {topic}"):
                fetched = await _fetched(consumer, asker, left)
            for partition, some in fetched.items():
                records = some if follow else [r for r in some if r.offset < ends[partition]]
                if records:
                    yield records
            if not follow:
                left = [p for p in left if await consumer.position(p) < ends[p]]
            if not fetched:
                await check_answering(consumer, asker, cluster, left, topic)


@asynccontextmanager
async def reader(cluster: Cluster, starts: Offsets) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of these partitions from these offsets on."""
    consumer = cluster.reader()
    try:
        with translated("opening a reader"):
            await consumer.start()
        consumer.assign(list(starts))
        for partition, offset in starts.items():
            consumer.seek(partition, offset)
        yield consumer
    finally:
        await close_consumer(consumer)


async def check_answering(
    consumer: AIOKafkaConsumer,
    asker: Asker,
    cluster: Cluster,
    partitions: Sequence[TopicPartition],
    topic: str,
) -> None:
    """Raise TransportError where nothing comes because the brokers are silent.

    aiokafka tries again for ever and says nothing: an outage looks like an empty topic.
    """
    patience = cluster.timing.answer
    heard = {p: (consumer.last_poll_timestamp(p) or 0) / 1000 for p in partitions}
    if time.time() - min(heard.values(), default=0) < patience:
        return
    await asker.partitions(topic)
    for partition, last in heard.items():
        if last and time.time() - last > 3 * patience:
            raise TransportError(f"partition {partition.partition} of {topic} does not answer")


async def _starts(asker: Asker, partitions: Sequence[TopicPartition], start: Start) -> Offsets:
    first = await asker.first(partitions)
    match start:
        case "first":
            return first
        case "end":
            return await asker.stable_end(partitions)
        case At(offset):
            end = await asker.end(partitions)
            return {p: min(max(offset, first[p]), end[p]) for p in partitions}
        case Since(timestamp):
            end = await asker.end(partitions)
            found = await asker.since(partitions, max(0, math.ceil(timestamp * 1000)))
            return {p: end[p] if found[p] == NONE else found[p] for p in partitions}


async def _fetched(
    consumer: AIOKafkaConsumer, asker: Asker, partitions: Sequence[TopicPartition]
) -> Mapping[TopicPartition, Sequence[Record]]:
    try:
        found: Mapping[TopicPartition, Sequence[Record]] = await consumer.getmany(
            *partitions, timeout_ms=_ms(WAIT_SECONDS)
        )
    except OffsetOutOfRangeError as error:  # retention was faster than we
        for partition, first in (await asker.first(list(error.args[0]))).items():
            consumer.seek(partition, first)
        return {}
    return found


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
