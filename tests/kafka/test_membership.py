"""Members, partitions and topics that come and go."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import NewPartitions, RecordsToDelete

from copydesk.transport.api import Batch, Lost, Message, PositionLost, Subscription, TransportError
from copydesk.transport.kafka.client import servers
from copydesk.transport.kafka.log import KafkaLog
from tests.kafka.conftest import (
    QUICK,
    World,
    administration,
    contents,
    numbered,
    numbers,
    put,
    taken,
)


async def copy(world: World, subscription: Subscription, batch: Batch) -> None:
    copies = [Message(world.outbound, record.key, record.value) for record in batch.records]
    await subscription.commit(batch, copies)


async def copy_until_idle(world: World, subscription: Subscription, idle: float) -> int:
    """Copy until nothing came for `idle` seconds; how many records it were."""
    count = 0
    while batch := await subscription.poll(10, 1 << 20, idle):
        try:
            await copy(world, subscription, batch)
        except Lost:
            continue
        count += len(batch.records)
    return count


async def test_a_rebalance_with_a_batch_in_hand_neither_loses_nor_doubles(
    world: World, log: KafkaLog
) -> None:
    wide = world.topic("wide", 4)
    await log.ensure([wide])
    await put(log, numbered(wide.name, range(400)))
    async with log.subscribe(wide.name, "g") as first:
        in_hand = await taken(first, 10)
        async with world.open() as beside, beside.subscribe(wide.name, "g") as second:
            there = asyncio.create_task(copy_until_idle(world, second, 8.0))
            await asyncio.sleep(0)
            with_first = 0
            try:
                await copy(world, first, in_hand)
                with_first += len(in_hand.records)
            except Lost:
                pass
            while not there.done():
                batch = await first.poll(10, 1 << 20, 1.0)
                if batch is None and there.done():
                    break
                if batch is not None:
                    await asyncio.sleep(0.1)  # so that the other joins with some in hand here
                    try:
                        await copy(world, first, batch)
                        with_first += len(batch.records)
                    except Lost:
                        continue
            with_second = await there
    assert with_first > 0
    assert with_second > 0
    assert sorted(await contents(log, world.outbound)) == list(range(400))


async def test_a_partition_that_is_added_is_read_from_its_first_record_on(
    world: World, log: KafkaLog
) -> None:
    await put(log, numbered(world.inbound, range(10)))
    async with log.subscribe(world.inbound, "g") as subscription:
        assert await copy_until_idle(world, subscription, 1.0) == 10
        async with administration(world) as admin:
            await admin.create_partitions({world.inbound: NewPartitions(3)})
        async with world.open() as other:
            await put(other, numbered(world.inbound, range(10, 60)))
        count = 0
        async with asyncio.timeout(30):
            while count < 50:
                count += await copy_until_idle(world, subscription, 2.0)
    assert sorted(await contents(log, world.outbound)) == list(range(60))


@pytest.mark.parametrize("read_some", [True, False])
async def test_a_topic_that_is_deleted_ends_the_subscription_with_a_word(
    world: World, log: KafkaLog, *, read_some: bool
) -> None:
    await put(log, numbered(world.inbound, range(10)))
    async with log.subscribe(world.inbound, "g") as subscription:
        if read_some:
            await subscription.commit(await taken(subscription))
        async with administration(world) as admin:
            await admin.delete_topics([world.inbound])
        with pytest.raises(PositionLost, match=world.inbound):
            await go_on(subscription)


async def go_on(subscription: Subscription) -> None:
    """Poll and commit as the loop does, which waits out every other error."""
    async with asyncio.timeout(40):
        while True:
            try:
                batch = await subscription.poll(10, 1 << 20, 1.0)
                if batch is not None:
                    await subscription.commit(batch)
            except PositionLost:
                raise
            except TransportError:
                await asyncio.sleep(0.1)


async def test_publishing_to_a_topic_that_was_deleted_ends(world: World, log: KafkaLog) -> None:
    async with log.publisher("p") as publisher:
        await publisher.publish(numbered(world.outbound, range(3)))
        async with administration(world) as admin:
            await admin.delete_topics([world.outbound])
        async with asyncio.timeout(30):
            with pytest.raises(TransportError):
                await publisher.publish(numbered(world.outbound, range(3)))


async def test_a_position_out_of_range_says_how_many_records_are_gone(
    world: World, log: KafkaLog
) -> None:
    await put(log, numbered(world.inbound, range(100)))
    async with log.subscribe(world.inbound, "g") as subscription:
        await subscription.commit(await taken(subscription, 10))
    async with administration(world) as admin:
        await admin.delete_records({TopicPartition(world.inbound, 0): RecordsToDelete(50)})
    async with log.subscribe(world.inbound, "g") as subscription:
        with pytest.raises(PositionLost, match=r"^40 records .* from 10 to 50$"):
            await taken(subscription)


async def test_a_group_without_a_position_starts_at_what_is_first(
    world: World, log: KafkaLog
) -> None:
    await put(log, numbered(world.inbound, range(100)))
    async with administration(world) as admin:
        await admin.delete_records({TopicPartition(world.inbound, 0): RecordsToDelete(50)})
    async with log.subscribe(world.inbound, "g") as subscription:
        batch = await taken(subscription)
        assert numbers(batch.records) == list(range(50, 100))
        async with administration(world) as admin:  # before anything is committed
            await admin.delete_records({TopicPartition(world.inbound, 0): RecordsToDelete(60)})
        await subscription.commit(batch)


async def test_a_member_with_a_name_that_returns_in_time_moves_nothing(world: World) -> None:
    timing = QUICK._replace(session=20.0)
    async with (
        world.open(instance="a", timing=timing) as one,
        world.open(instance="b", timing=timing) as two,
    ):
        wide = world.topic("wide", 4)
        await one.ensure([wide])
        async with one.subscribe(wide.name, "g") as stays:
            async with two.subscribe(wide.name, "g") as leaves:
                await asyncio.gather(copied(world, stays), copied(world, leaves))
            await put(one, numbered(wide.name, range(40)))
            here = await copied(world, stays)
            async with two.subscribe(wide.name, "g") as returns:
                there, more = await asyncio.gather(copied(world, returns), copied(world, stays))
        assert (len(here), len(there), more) == (2, 2, set())
        assert here.isdisjoint(there)
        assert sorted(await contents(one, world.outbound)) == list(range(40))


async def copied(world: World, subscription: Subscription) -> set[int]:
    """Copy until nothing comes; the partitions that it was of. Raises Lost."""
    partitions: set[int] = set()
    while batch := await subscription.poll(10, 1 << 20, 5.0):
        partitions.add(batch.partition)
        await copy(world, subscription, batch)
    return partitions


async def test_a_header_without_a_value_is_an_empty_one(world: World, log: KafkaLog) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=list(servers(world.address)))
    await producer.start()
    await producer.send_and_wait(world.inbound, b"x", headers=[("a", None), ("b", b"1")])
    await producer.stop()
    async with log.subscribe(world.inbound, "g") as subscription:
        (record,) = (await taken(subscription)).records
    assert (record.key, record.headers) == (None, (("a", b""), ("b", b"1")))
