"""A member of a group, and which partitions it has."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from copydesk.transport.api import Record
from copydesk.transport.kafka.client import Cluster
from copydesk.transport.kafka.closing import close_consumer
from copydesk.transport.kafka.faults import translated

NOWHERE: Final = -1
"""The number of no partition. Who asks for nothing says at least that he is alive."""


class Member(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """The listener only notes: aiokafka swallows what a listener raises."""

    def __init__(self, cluster: Cluster, topic: str, group: str) -> None:
        self.consumer: AIOKafkaConsumer = cluster.member(group)
        self.assigned: frozenset[TopicPartition] = frozenset()
        self.assignments = 0
        """How often partitions have been assigned."""
        self._settled = asyncio.Event()
        self._patience = cluster.timing.answer
        self._topic = topic
        self._group = group

    @property
    def rebalancing(self) -> bool:
        """Whether it is being decided who has which partitions."""
        return not self._settled.is_set()

    async def join(self) -> None:
        """Begin to join the group; it is done when partitions are assigned."""
        with translated(f"joining the group {self._group}"):
            await self.consumer.start()
            self.consumer.subscribe([self._topic], listener=self)

    def on_partitions_revoked(self, _: Collection[TopicPartition]) -> None:
        """Called by aiokafka when a rebalance begins."""
        self._settled.clear()

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Called by aiokafka when a rebalance ends."""
        self.assigned = frozenset(assigned)
        self.assignments += 1
        self._settled.set()

    async def fetch(
        self, partitions: Sequence[TopicPartition], wait: float
    ) -> Mapping[TopicPartition, Sequence[Record]]:
        """What has come of `partitions`, waiting for it up to `wait` seconds. Raises aiokafka's.

        During a rebalance nothing comes, and aiokafka's own waiting would have no end.
        """
        fetched: Mapping[TopicPartition, Sequence[Record]] = {}
        if self.rebalancing:
            self.consumer._coordinator.check_errors()  # noqa: SLF001 -- as `getmany` does
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._settled.wait()
            return fetched
        asked = partitions or [TopicPartition(self._topic, NOWHERE)]
        with suppress(TimeoutError):  # when a rebalance begins just now
            async with asyncio.timeout(wait + self._patience):
                fetched = await self.consumer.getmany(*asked, timeout_ms=round(wait * 1000))
        return fetched

    async def leave(self) -> None:
        """Leave the group and end the connections."""
        await close_consumer(self.consumer)
