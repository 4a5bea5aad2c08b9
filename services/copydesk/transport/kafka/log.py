"""The log on Apache Kafka."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from copydesk.transport.api import Difference, Lag, Record, Size, Start, Topic
from copydesk.transport.kafka import altering, reading
from copydesk.transport.kafka import topics as topics_
from copydesk.transport.kafka.asking import NONE, Asker
from copydesk.transport.kafka.client import Cluster
from copydesk.transport.kafka.names import group_id, publisher_id
from copydesk.transport.kafka.producer import Producer
from copydesk.transport.kafka.publisher import KafkaPublisher
from copydesk.transport.kafka.subscription import KafkaSubscription


class KafkaLog:
    """See `Transport`. Nothing connects before it is asked for something."""

    def __init__(self, cluster: Cluster, topics: Sequence[Topic]) -> None:
        self._cluster = cluster
        self._asker = Asker(cluster)
        self._limits = {topic.name: topic.max_message_bytes for topic in topics}

    async def close(self) -> None:
        """End the connections."""
        await self._asker.close()

    @asynccontextmanager
    async def publisher(self, name: str) -> AsyncIterator[KafkaPublisher]:
        """See `Transport.publisher`."""
        producer = self._producer(publisher_id(self._cluster.prefix, name))
        await producer.start()
        try:
            yield KafkaPublisher(name, producer)
        finally:
            await producer.stop()

    @asynccontextmanager
    async def subscribe(self, topic: str, group: str) -> AsyncIterator[KafkaSubscription]:
        """See `Transport.subscribe`."""
        subscription = KafkaSubscription(
            self._cluster, self._asker, topic, self._group(topic, group), self._producer
        )
        await subscription.open()
        try:
            yield subscription
        finally:
            await subscription.close()

    def read(self, topic: str, start: Start, *, follow: bool) -> AsyncIterator[Sequence[Record]]:
        """See `Transport.read`."""
        return reading.read(self._cluster, self._asker, topic, start, follow=follow)

    async def lag(self, topic: str, group: str) -> Lag:
        """See `Transport.lag`.

        Counted in offsets, of which each transaction takes one for itself: an upper bound while
        there is something to read, and 0 when there is nothing. What an open transaction hides is
        not there yet.
        """
        partitions = await self._asker.partitions(topic)
        committed = await self._asker.committed(self._group(topic, group), partitions)
        first = await self._asker.first(partitions)
        ends = await self._asker.stable_end(partitions)
        positions = {p: first[p] if committed[p] == NONE else committed[p] for p in partitions}
        starts = {p: max(positions[p], first[p]) for p in partitions}
        look = self._asker.first_record
        found = {p: await look(p, starts[p], ends[p]) for p in partitions}
        oldest = {p: record.timestamp for p, record in found.items() if record}
        return Lag(
            sum(ends[p] - starts[p] for p in oldest),
            max(0.0, time.time() - min(oldest.values())) if oldest else 0.0,
            {p.partition: positions[p] for p in partitions},
        )

    async def size(self, topic: str) -> Size:
        """See `Transport.size`. In offsets, as `lag`; how many bytes they are brokers say alone."""
        partitions = await self._asker.partitions(topic)
        first, ends = await self._asker.first(partitions), await self._asker.end(partitions)
        return Size(sum(ends[p] - first[p] for p in partitions), None)

    async def ensure(self, topics: Sequence[Topic]) -> Sequence[Difference]:
        """See `Transport.ensure`."""
        return await topics_.ensure(self._cluster, self._asker, topics)

    async def apply(self, topics: Sequence[Topic]) -> Sequence[Difference]:
        """Make topics what they should be; say what differs still."""
        return await altering.apply(self._cluster, self._asker, topics)

    async def differences(self, topics: Sequence[Topic]) -> Sequence[Difference]:
        """What is missing of `topics`, and in what the others differ. Changes nothing."""
        return await topics_.differences(self._cluster, self._asker, topics)

    def _group(self, topic: str, group: str) -> str:
        return group_id(self._cluster.prefix, topic, group)

    def _producer(self, transactional_id: str, group: str | None = None) -> Producer:
        return Producer(self._cluster, self._asker, self._limits, transactional_id, group)
