"""Emptying topics."""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete


async def empty(address: str, topics: Sequence[str]) -> None:
    """Delete every record of these topics. Offsets go on from where they are."""
    servers = address.removeprefix("kafka://")
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=servers)
    try:
        await admin.start()
        await consumer.start()
        partitions = [
            TopicPartition(topic, number)
            for topic in topics
            for number in consumer.partitions_for_topic(topic) or ()
        ]
        ends = await consumer.end_offsets(partitions)
        await admin.delete_records({p: RecordsToDelete(end) for p, end in ends.items()})
    finally:
        await consumer.stop()
        await admin.close()
