"""Transactions that take too long, are left open, or are fenced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from copydesk.transport.api import Lost, Message, Replaced
from copydesk.transport.kafka.asking import Asker
from copydesk.transport.kafka.client import Cluster, Timing, servers
from copydesk.transport.kafka.log import KafkaLog
from tests.kafka.conftest import QUICK, World, contents, foreign, numbered, numbers, put, taken
from tests.kafka.proxy import Api, proxy


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


@asynccontextmanager
async def unverified(world: World) -> AsyncIterator[None]:
    """Meanwhile the brokers take records of transactions that were not told of their partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=list(servers(world.address)))
    await admin.start()
    try:
        brokers = [each["node_id"] for each in (await admin.describe_cluster())["brokers"]]
        for enabled in ("false", "true"):
            setting = {"transaction.partition.verification.enable": enabled}
            await admin.alter_configs(
                [ConfigResource(ConfigResourceType.BROKER, str(id_), setting) for id_ in brokers]
            )
            if enabled == "false":
                yield
    finally:
        await admin.close()


@pytest.mark.parametrize("committed", [False, True])
async def test_where_the_brokers_forgot_to_end_a_transaction_the_next_owner_ends_it(
    world: World, log: KafkaLog, *, committed: bool
) -> None:
    await put(log, numbered(world.inbound, range(3)))
    group, out = f"{world.prefix}.g.in", TopicPartition(world.outbound, 0)
    async with unverified(world), foreign(world, f"{group}.0") as killed:
        await killed.begin_transaction()
        await killed.send_and_wait(world.inbound, b"3", partition=0)
        killed._txn_manager._txn_partitions.add(out)  # noqa: SLF001 -- the coordinator knows nothing
        killed._txn_manager.consumer_group_added(group)  # noqa: SLF001
        await killed.send_and_wait(world.outbound, b"0", partition=0)
        await killed.send_offsets_to_transaction({TopicPartition(world.inbound, 0): 1}, group)
        if committed:
            await killed.commit_transaction()
    async with log.subscribe(world.inbound, "g") as subscription:
        batch = await taken(subscription)
        assert numbers(batch.records) == ([1, 2, 3] if committed else [0, 1, 2])
        copies = [Message(world.outbound, r.key, r.value) for r in batch.records]
        await subscription.commit(batch, copies)
    async with asyncio.timeout(10):
        assert await contents(log, world.outbound) == list(range(4 if committed else 3))


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
    # Of the two markers one ends the record's transaction; a start writes the other once more.
    assert one.records - 1 <= 2
    assert one.positions == lag.positions
