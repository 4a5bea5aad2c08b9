"""A log of its own for each test, on the broker that all share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, NamedTuple
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from copydesk.transport.api import Batch, Message, Record, Subscription, Topic, Transport
from copydesk.transport.kafka import open_log
from copydesk.transport.kafka.client import Timing, servers
from copydesk.transport.kafka.log import KafkaLog

QUICK: Final = Timing(session=6.0, transaction=5.0, answer=3.0, metadata=1.0)
"""As short as brokers allow."""


class World(NamedTuple):
    """Topics and groups under a prefix that nobody else has."""

    address: str
    prefix: str

    def topic(self, name: str, partitions: int = 1) -> Topic:
        return Topic(f"{self.prefix}.{name}", partitions, None, False, 2 << 20)

    @property
    def inbound(self) -> str:
        return f"{self.prefix}.in"

    @property
    def outbound(self) -> str:
        return f"{self.prefix}.out"

    def open(
        self, address: str | None = None, timing: Timing = QUICK, instance: str | None = None
    ) -> AbstractAsyncContextManager[KafkaLog]:
        return open_log(
            address or self.address,
            [self.topic("in"), self.topic("out")],
            prefix=self.prefix,
            instance=instance,
            timing=timing,
        )


@pytest.fixture
async def world(kafka: str) -> World:
    """With the topics `inbound` and `outbound`, of one partition each."""
    made = World(kafka, f"test-{uuid4().hex[:12]}")
    async with made.open() as log:
        assert await log.ensure([made.topic("in"), made.topic("out")]) == []
    return made


@pytest.fixture
async def log(world: World) -> AsyncIterator[KafkaLog]:
    async with world.open() as opened:
        yield opened


@asynccontextmanager
async def administration(world: World) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=list(servers(world.address)))
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


@asynccontextmanager
async def foreign(world: World, transactional_id: str) -> AsyncIterator[AIOKafkaProducer]:
    """Somebody else's producer. Its open transaction stays open when it goes, as if killed."""
    producer = AIOKafkaProducer(
        bootstrap_servers=list(servers(world.address)),
        transactional_id=transactional_id,
        transaction_timeout_ms=60_000,
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def numbered(topic: str, numbers: range, size: int = 0) -> list[Message]:
    return [Message(topic, b"k%d" % each, b"%d" % each + b" " * size) for each in numbers]


async def put(log: Transport, messages: list[Message], name: str = "putter") -> None:
    async with log.publisher(name) as publisher:
        await publisher.publish(messages)


async def contents(log: Transport, topic: str) -> list[int]:
    return [
        number
        async for records in log.read(topic, "first", follow=False)
        for number in numbers(records)
    ]


def numbers(records: Iterable[Record]) -> list[int]:
    return [int(record.value or b"-1") for record in records]


async def taken(subscription: Subscription, max_records: int = 100) -> Batch:
    batch = await subscription.poll(max_records, 4 << 20, 20)
    assert batch is not None
    return batch
