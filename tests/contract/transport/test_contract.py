"""What every transport promises (`transport/api.py`)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import pytest

from copydesk.transport.api import (
    At,
    Batch,
    Lost,
    Message,
    Record,
    Replaced,
    Since,
    Start,
    Subscription,
    TooLarge,
    Transport,
    TransportError,
)
from tests.contract.transport.conftest import Features
from tests.contract.transport.names import IN, OUT


class Open(Protocol):
    def __call__(self) -> AbstractAsyncContextManager[Transport]: ...


@pytest.fixture
async def log(open_log: Open) -> AsyncIterator[Transport]:
    async with open_log() as transport:
        yield transport


def numbered(count: int, topic: str = IN, start: int = 0, size: int = 0) -> list[Message]:
    return [
        Message(topic, b"k%d" % number, b"%d" % number + b"." * size)
        for number in range(start, start + count)
    ]


async def put(log: Transport, messages: Sequence[Message], name: str = "tester") -> None:
    async with log.publisher(name) as publisher:
        await publisher.publish(messages)


async def contents(log: Transport, topic: str) -> list[bytes | None]:
    return [
        record.value
        async for records in log.read(topic, "first", follow=False)
        for record in records
    ]


async def taken(
    subscription: Subscription, max_records: int = 100, in_hand: Sequence[Batch] = ()
) -> Batch:
    batch = await subscription.poll(max_records, 1 << 20, 10, in_hand)
    assert batch is not None
    return batch


def values(records: Sequence[Record]) -> list[bytes | None]:
    return [record.value for record in records]


async def test_what_is_published_is_read_back_to_the_byte(log: Transport) -> None:
    messages = [
        Message(IN, b"\xff\x00", b"\x00\xfe", (("ce_id", b"1"), ("other", b"\xff"))),
        Message(IN, None, b""),
        Message(IN, b"gone", None, (("a", b""), ("a", b"again"))),
    ]
    before = time.time()
    await put(log, messages)
    records = [r async for some in log.read(IN, "first", follow=False) for r in some]
    assert [Message(r.topic, r.key, r.value, tuple(r.headers)) for r in records] == messages
    assert [r.offset for r in records] == sorted({r.offset for r in records})
    assert all(before - 1 < r.timestamp < time.time() + 1 for r in records)


async def test_one_message_too_large_and_nothing_is_published(log: Transport) -> None:
    large = Message(OUT, b"k", b"x" * 2_000)
    with pytest.raises(TooLarge) as caught:
        await put(log, [*numbered(3), large])
    assert caught.value.message == large
    assert await contents(log, IN) == []


async def test_a_topic_that_is_not_there_is_named(log: Transport) -> None:
    with pytest.raises(TransportError, match="nowhere"):
        await put(log, [Message("nowhere", None, b"x")])
    with pytest.raises(TransportError, match="nowhere"):
        async with log.subscribe("nowhere", "group") as subscription:
            await subscription.poll(1, 1, 0)


async def test_a_batch_is_bounded_in_records_and_in_bytes(log: Transport) -> None:
    await put(log, numbered(10, size=1_000))
    async with log.subscribe(IN, "group") as subscription:
        by_count = await subscription.poll(3, 1 << 20, 10)
        assert by_count is not None
        assert values(by_count.records) == values_of(numbered(3, size=1_000))
        await subscription.commit(by_count)
        by_size = await subscription.poll(100, 2_500, 10)
        assert by_size is not None
        assert values(by_size.records) == values_of(numbered(2, start=3, size=1_000))
        one_at_least = await subscription.poll(100, 1, 10)
        assert one_at_least is not None
        assert len(one_at_least.records) == 1


def values_of(messages: Sequence[Message]) -> list[bytes | None]:
    return [message.value for message in messages]


async def test_a_batch_that_is_not_committed_comes_back(log: Transport) -> None:
    await put(log, numbered(5))
    async with log.subscribe(IN, "group") as subscription:
        first = await taken(subscription, 3)
        assert values((await taken(subscription, 3)).records) == values(first.records)
    async with log.subscribe(IN, "group") as subscription:
        assert values((await taken(subscription, 3)).records) == values(first.records)


async def test_a_commit_publishes_and_advances_and_both_last(open_log: Open) -> None:
    async with open_log() as log:
        await put(log, numbered(5))
        async with log.subscribe(IN, "group") as subscription:
            await subscription.commit(await taken(subscription, 3), numbered(2, OUT))
    async with open_log() as log:
        assert await contents(log, OUT) == [b"0", b"1"]
        async with log.subscribe(IN, "group") as subscription:
            assert values((await taken(subscription)).records) == [b"3", b"4"]


async def test_a_commit_that_fails_neither_publishes_nor_advances(log: Transport) -> None:
    await put(log, numbered(2))
    async with log.subscribe(IN, "group") as subscription:
        batch = await taken(subscription)
        too_large = Message(OUT, None, b"x" * 9_999)
        with pytest.raises(TooLarge):
            await subscription.commit(batch, [*numbered(1, OUT), too_large])
        assert await contents(log, OUT) == []
        again = await taken(subscription)
        assert values(again.records) == values(batch.records)
        await subscription.commit(again, numbered(1, OUT))
    assert await contents(log, OUT) == [b"0"]


async def test_what_follows_a_batch_comes_while_that_is_in_hand(log: Transport) -> None:
    await put(log, numbered(5))
    async with log.subscribe(IN, "group") as subscription:
        first = await taken(subscription, 2)
        second = await taken(subscription, 2, [first])
        committing = asyncio.create_task(subscription.commit(first, numbered(2, OUT)))
        await asyncio.sleep(0)
        third = await taken(subscription, 2, [first, second])
        assert values(third.records) == [b"4"]
        await committing
        assert await subscription.poll(2, 1 << 20, 0, [second, third]) is None
        await subscription.commit(second, numbered(2, OUT, start=2))
        await put(log, numbered(2, start=5))
        last = await taken(subscription, 9, [third])
        assert values(last.records) == [b"5", b"6"]
        await subscription.commit(third)
        await subscription.commit(last)
    assert await contents(log, OUT) == [b"0", b"1", b"2", b"3"]
    assert (await log.lag(IN, "group")).records == 0


async def test_a_batch_that_is_in_hand_no_more_comes_back(log: Transport) -> None:
    await put(log, numbered(5))
    async with log.subscribe(IN, "group") as subscription:
        first = await taken(subscription, 2)
        second = await taken(subscription, 2, [first])
        with pytest.raises(Lost):
            await subscription.commit(second, numbered(1, OUT))
        assert values((await taken(subscription, 9)).records) == [b"0", b"1", b"2", b"3", b"4"]
        await subscription.commit(await taken(subscription, 2))
        assert values((await taken(subscription, 9)).records) == [b"2", b"3", b"4"]
    assert await contents(log, OUT) == []


async def test_what_follows_a_commit_that_fails_is_lost(log: Transport) -> None:
    await put(log, numbered(5))
    too_large = Message(OUT, None, b"x" * 9_999)
    async with log.subscribe(IN, "group") as subscription:
        first = await taken(subscription, 3)
        committing = asyncio.create_task(subscription.commit(first, [too_large]))
        await asyncio.sleep(0)
        following = await taken(subscription, 3, [first])
        with pytest.raises(TooLarge):
            await committing
        with pytest.raises(Lost):
            await subscription.commit(following, numbered(2, OUT, start=3))
        assert values((await taken(subscription, 3)).records) == values(first.records)
    assert await contents(log, OUT) == []


async def test_of_two_who_commit_the_same_batch_one_has_lost_it(log: Transport) -> None:
    await put(log, numbered(2))
    async with log.subscribe(IN, "group") as subscription:
        batch = await taken(subscription)
        await subscription.commit(batch, numbered(1, OUT))
        with pytest.raises(Lost):
            await subscription.commit(batch, numbered(1, OUT, start=7))
        assert await contents(log, OUT) == [b"0"]
        assert await subscription.poll(10, 100, 0) is None


async def test_a_second_publisher_of_a_name_ends_the_first(log: Transport) -> None:
    async with log.publisher("watcher") as first:
        await first.publish(numbered(1))
        async with log.publisher("watcher") as second, log.publisher("other") as other:
            with pytest.raises(Replaced):
                await first.publish(numbered(1, start=1))
            await second.publish(numbered(1, start=2))
            await other.publish(numbered(1, start=3))
    assert await contents(log, IN) == [b"0", b"2", b"3"]


async def test_each_group_gets_every_record_from_the_first_on(log: Transport) -> None:
    await put(log, numbered(3))
    for group in ("one", "two"):
        async with log.subscribe(IN, group) as subscription:
            batch = await taken(subscription)
            assert values(batch.records) == [b"0", b"1", b"2"]
            await subscription.commit(batch)


async def test_a_poll_that_waits_is_woken(log: Transport) -> None:
    async with log.subscribe(IN, "group") as subscription:
        assert await subscription.poll(1, 1, 0.01) is None
        waiting = asyncio.create_task(subscription.poll(10, 1_000, 30))
        await put(log, numbered(1))
        async with asyncio.timeout(5):
            batch = await waiting
    assert batch is not None
    assert values(batch.records) == [b"0"]


async def test_outputs_wake_who_follows_them(log: Transport) -> None:
    await put(log, numbered(1))
    async with log.subscribe(IN, "a") as upstream, log.subscribe(OUT, "b") as downstream:
        waiting = asyncio.create_task(downstream.poll(10, 1_000, 30))
        await upstream.commit(await taken(upstream), numbered(1, OUT, start=9))
        async with asyncio.timeout(5):
            batch = await waiting
    assert batch is not None
    assert values(batch.records) == [b"9"]


async def test_reading_without_following_ends_at_the_end_of_that_moment(log: Transport) -> None:
    await put(log, numbered(3))
    seen = []
    async for records in log.read(IN, "first", follow=False):
        await put(log, numbered(3, start=10))
        seen += values(records)
    assert seen == [b"0", b"1", b"2"]
    assert await contents(log, OUT) == []


async def test_a_follower_sees_what_comes_later(log: Transport) -> None:
    await put(log, numbered(2))
    assert await contents(log, IN) == [b"0", b"1"]  # Kafka ends transactions after it said so
    following = log.read(IN, "end", follow=True)
    waiting = asyncio.ensure_future(anext(following))
    async with asyncio.timeout(10):
        while not waiting.done():  # "end" is where it is when the reader begins to read
            await put(log, numbered(1, start=2))
            await asyncio.wait([waiting], timeout=0.05)
        assert values(await waiting)[0] == b"2"


async def test_reading_starts_where_it_is_told_to(log: Transport) -> None:
    await put(log, numbered(2))
    whole = [r async for some in log.read(IN, "first", follow=False) for r in some]
    later = whole[-1].timestamp + 0.001
    await asyncio.sleep(max(0.0, later - time.time()))  # timestamps count milliseconds
    await put(log, numbered(2, start=2))
    starts: list[tuple[Start, list[bytes]]] = [
        (At(whole[1].offset), [b"1", b"2", b"3"]),
        (Since(later), [b"2", b"3"]),
        (Since(time.time() + 60), []),
        ("end", []),
    ]
    for start, expected in starts:
        found = [r async for some in log.read(IN, start, follow=False) for r in some]
        assert values(found) == expected


async def test_lag_counts_what_is_not_committed(log: Transport, features: Features) -> None:
    nobody = await log.lag(IN, "group")
    assert (nobody.records, nobody.seconds) == (0, 0.0)
    await put(log, numbered(5))
    assert len(await contents(log, IN)) == 5  # Kafka ends transactions after it said so
    behind = await log.lag(IN, "group")
    assert 5 <= behind.records <= 5 + features.markers
    assert 0 <= behind.seconds < 60
    async with log.subscribe(IN, "group") as subscription:
        batch = await taken(subscription, 2)
        await subscription.commit(batch)
        some = await log.lag(IN, "group")
        assert 3 <= some.records <= 3 + features.markers
        assert some.positions == {batch.partition: batch.end}
        await subscription.commit(await taken(subscription))
    assert (await log.lag(IN, "group")).records == 0


async def test_a_topic_s_size_counts_its_records(log: Transport, features: Features) -> None:
    before = await log.size(IN)
    await put(log, numbered(5, size=100))
    after = await log.size(IN)
    assert 5 <= after.records - before.records <= 5 + features.markers
    assert after.bytes is None or after.bytes - (before.bytes or 0) > 500


async def test_making_topics_again_changes_nothing(open_log: Open) -> None:
    async with open_log() as log:
        await put(log, numbered(2))
    async with open_log() as log:
        assert await contents(log, IN) == [b"0", b"1"]


async def test_many_publish_at_once_and_each_publish_stays_together(log: Transport) -> None:
    runs = [numbered(7, start=100 * run) for run in range(20)]
    await asyncio.gather(*(put(log, run, name=f"p{place}") for place, run in enumerate(runs)))
    found = await contents(log, IN)
    assert sorted(found, key=lambda v: v or b"") == sorted(
        (message.value for run in runs for message in run), key=lambda v: v or b""
    )
    for run in runs:
        place = found.index(run[0].value)
        assert found[place : place + 7] == values_of(run)
