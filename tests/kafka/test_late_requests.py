"""A transactional request whose connection broke may arrive late, after it was sent again."""

from __future__ import annotations

import asyncio

import pytest

from copydesk.transport.api import Message, TransportError
from tests.kafka.conftest import World, contents, numbered, numbers, put, taken
from tests.kafka.proxy import Api, proxy

LATE = (Api.ADD_PARTITIONS, Api.ADD_OFFSETS, Api.TXN_OFFSET_COMMIT, Api.END_TXN)


@pytest.mark.parametrize("late", LATE, ids=lambda api: api.name)
@pytest.mark.parametrize("before", [Api.PRODUCE, Api.END_TXN], ids=lambda api: api.name)
async def test_what_arrives_late_neither_doubles_nor_turns_back(
    world: World, late: Api, before: Api
) -> None:
    """`before`: the late request arrives just before this one of the next transaction."""
    async with proxy(world.address) as (between, address), world.open(address) as log:
        await put(log, numbered(world.inbound, range(4)))
        async with log.subscribe(world.inbound, "g") as subscription:
            between.break_at(late)
            for _ in range(2):
                batch = await taken(subscription, 2)
                await subscription.commit(
                    batch, [Message(world.outbound, r.key, r.value) for r in batch.records]
                )
                if between.holds:
                    between.deliver_at(before)
        assert between.delivered.is_set()
    async with world.open() as log:
        assert await contents(log, world.outbound) == [0, 1, 2, 3]
        assert (await log.lag(world.inbound, "g")).records == 0
        async with log.subscribe(world.inbound, "g") as subscription:
            assert await subscription.poll(10, 1000, 1.0) is None


async def test_a_late_end_does_not_show_half_of_the_next_transaction(world: World) -> None:
    async with proxy(world.address) as (between, address), world.open(address) as log:
        await put(log, numbered(world.inbound, range(2)))
        async with log.subscribe(world.inbound, "g") as subscription:
            between.break_at(Api.END_TXN)
            await subscription.commit(
                await taken(subscription, 1), numbered(world.outbound, range(1))
            )
            assert between.holds
            batch = await taken(subscription, 1)
            between.stop_after(Api.PRODUCE)  # of the two that more than a batch's bytes need
            large = numbered(world.outbound, range(10, 12), size=900_000)
            committing = asyncio.create_task(subscription.commit(batch, large))
            await between.stopped.wait()
            await between.deliver()
            async with world.open() as beside:
                following = beside.read(world.outbound, "first", follow=True)
                seen = numbers(await anext(following))
                more = asyncio.ensure_future(anext(following))
                assert (await asyncio.wait([more], timeout=1.0))[0] == set()
                assert seen == [0]
                between.go_on()
                await committing
                seen += numbers(await more)
                while len(seen) < 3:
                    seen += numbers(await anext(following))
    assert seen == [0, 10, 11]


async def test_a_publisher_whose_connection_broke_must_be_opened_again(world: World) -> None:
    async with proxy(world.address) as (between, address), world.open(address) as log:
        async with log.publisher("p") as publisher:
            between.break_at(Api.END_TXN)
            await publisher.publish(numbered(world.outbound, range(2)))
            with pytest.raises(TransportError, match="again"):
                await publisher.publish(numbered(world.outbound, range(2, 4)))
        async with log.publisher("p") as publisher:
            between.deliver_at(Api.END_TXN)
            await publisher.publish(numbered(world.outbound, range(4, 6)))
        assert between.delivered.is_set()
    async with world.open() as log:
        assert await contents(log, world.outbound) == [0, 1, 4, 5]
