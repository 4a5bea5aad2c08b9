"""A member of a group, and which partitions it has."""

from __future__ import annotations

from collections.abc import Collection

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from copydesk.transport.kafka.client import Cluster
from copydesk.transport.kafka.closing import close_consumer
from copydesk.transport.kafka.faults import translated


class Member(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """The listener only notes: aiokafka swallows what a listener raises."""

    def __init__(self, cluster: Cluster, topic: str, group: str) -> None:
        self.consumer: AIOKafkaConsumer = cluster.member(group)
        self.assigned: frozenset[TopicPartition] = frozenset()
        self.assignments = 0
        """How often partitions have been assigned."""
        self.rebalancing = True
        self._topic = topic
        self._group = group

    async def join(self) -> None:
        """Begin to join the group; it is done when partitions are assigned."""
        with translated(f"joining the group {self._group}"):
            await self.consumer.start()
            self.consumer.subscribe([self._topic], listener=self)

    def on_partitions_revoked(self, _: Collection[TopicPartition]) -> None:
        """Called by aiokafka when a rebalance begins."""
        self.rebalancing = True

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Called by aiokafka when a rebalance ends."""
        self.rebalancing = False
        self.assigned = frozenset(assigned)
        self.assignments += 1

    async def leave(self) -> None:
        """Leave the group and end the connections."""
        await close_consumer(self.consumer)
