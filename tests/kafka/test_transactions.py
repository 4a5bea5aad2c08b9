"""Transactions that take too long, are left open, or are fenced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from copydesk.transport.api import Lost, Message, Replaced
from copydesk.transport.kafka.asking import Asker
from copydesk.transport.kafka.client import Cluster, Timing, servers
from copydesk.transport.kafka.log import KafkaLog
from tests.kafka.conftest import QUICK, World, contents, numbered, numbers, put, taken
from tests.kafka.proxy import Api, proxy


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


async def until_settled(world: World, topic: str) -> None:
    """Wait until `topic` has records, and none of an open transaction."""
    asker = Asker(Cluster(servers(world.address), world.prefix, None, QUICK))
    try:
        partitions = await asker.partitions(topic)
        while True:
            ends = await asker.end(partitions)
            if sum(ends.values()) > 0 and await asker.stable_end(partitions) == ends:
                return
            await asyncio.sleep(0.1)
    finally:
        await asker.close()


async def test_a_transaction_past_its_timeout_is_lost_and_done_again(world: World) -> None:
    timing = Timing(session=20.0, transaction=1.0, answer=20.0, metadata=60.0)
    async with proxy(world.address) as (between, address), world.open(address, timing) as log:
        await put(log, numbered(world.inbound, range(3)))
        async with log.subscribe(world.inbound, "g") as subscription:
            batch = await taken(subscription)
            between.stop_after(Api.PRODUCE)
            copies = numbered(world.outbound, range(3))
            committing = asyncio.create_task(subscription.commit(batch, copies))
            await between.stopped.wait()
            await until_settled(world, world.outbound)  # the broker has aborted it
            between.go_on()
            with pytest.raises(Lost):
                await committing
            await subscription.commit(await taken(subscription), copies)
        assert await contents(log, world.outbound) == [0, 1, 2]


async def test_a_partition_fenced_by_nobody_who_stays_does_not_fall_silent(
    world: World, log: KafkaLog
) -> None:
    await put(log, numbered(world.inbound, range(3)))
    async with log.subscribe(world.inbound, "g") as subscription:
        batch = await taken(subscription)
        async with foreign(world, f"{world.prefix}.g.in.0"):
            pass
        with pytest.raises(Lost):
            await subscription.commit(batch, numbered(world.outbound, range(3)))
        await subscription.commit(await taken(subscription), numbered(world.outbound, range(3)))
    assert await contents(log, world.outbound) == [0, 1, 2]


async def test_a_publisher_that_is_fenced_is_replaced(world: World, log: KafkaLog) -> None:
    async with log.publisher("p") as publisher:
        await publisher.publish(numbered(world.outbound, range(1)))
        async with foreign(world, f"{world.prefix}.p"):
            pass
        with pytest.raises(Replaced, match="name p"):
            await publisher.publish(numbered(world.outbound, range(1, 2)))
    async with log.publisher("p") as publisher:
        await publisher.publish(numbered(world.outbound, range(2, 3)))
    assert await contents(log, world.outbound) == [0, 2]


async def test_reading_to_the_end_waits_for_transactions_that_are_open(
    world: World, log: KafkaLog
) -> None:
    await put(log, numbered(world.outbound, range(2)))
    async with foreign(world, f"{world.prefix}.somebody") as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(world.outbound, b"-7", partition=0)
        await put(log, numbered(world.outbound, range(2, 4)))
        reading = asyncio.create_task(contents(log, world.outbound))
        assert (await asyncio.wait([reading], timeout=1.0))[0] == set()
        await put(log, numbered(world.outbound, range(4, 6)))  # after the call
        await producer.abort_transaction()
        async with asyncio.timeout(5):
            assert await reading == [0, 1, 2, 3]


async def test_what_a_killed_owner_left_open_ends_when_the_next_one_starts(
    world: World, log: KafkaLog
) -> None:
    await put(log, numbered(world.inbound, range(3)))
    async with foreign(world, f"{world.prefix}.g.in.0") as killed:
        await killed.begin_transaction()
        await killed.send_and_wait(world.outbound, b"0", partition=0)
        position = {TopicPartition(world.inbound, 0): 1}
        await killed.send_offsets_to_transaction(position, f"{world.prefix}.g.in")
    async with asyncio.timeout(30), log.subscribe(world.inbound, "g") as subscription:
        batch = await taken(subscription)
        assert numbers(batch.records) == [0, 1, 2]
        copies = [Message(world.outbound, r.key, r.value) for r in batch.records]
        await subscription.commit(batch, copies)
        assert await contents(log, world.outbound) == [0, 1, 2]


async def test_failed_transactions_at_the_end_of_a_topic_are_no_lag(
    world: World, log: KafkaLog
) -> None:
    await put(log, numbered(world.inbound, range(3)))
    async with log.subscribe(world.inbound, "g") as subscription:
        await subscription.commit(await taken(subscription))
        async with foreign(world, f"{world.prefix}.somebody") as producer:
            await producer.begin_transaction()
            await producer.send_and_wait(world.inbound, b"-7", partition=0)
            await producer.abort_transaction()
        assert (await log.lag(world.inbound, "g")).records == 0
        assert await subscription.poll(10, 1000, 1.0) is None
    lag = await log.lag(world.inbound, "g")
    async with world.open() as beside:
        await put(beside, numbered(world.inbound, range(3, 4)))
        one = await beside.lag(world.inbound, "g")
    assert one.records - 1 <= 1  # the record, and the end of its transaction: nothing else
    assert one.positions == lag.positions
