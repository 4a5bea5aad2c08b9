"""What holds of a topic with several partitions, and of a group with several members."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import pytest

from copydesk.transport.api import Lost, Message, Record, Subscription, Transport
from tests.contract.transport.conftest import Features, Open
from tests.contract.transport.names import OUT, WIDE

KEYS = 40


def runs(rounds: range) -> list[Message]:
    """A message of every key for every round, in the order of rounds."""
    return [Message(WIDE, b"k%d" % key, b"%d" % each) for each in rounds for key in range(KEYS)]


async def publish(log: Transport, messages: Sequence[Message]) -> None:
    async with log.publisher("tester") as publisher:
        await publisher.publish(messages)


async def drained(subscription: Subscription) -> list[Record]:
    """Commit what there is, batch by batch."""
    found: list[Record] = []
    while batch := await subscription.poll(7, 1 << 20, 2.0):
        assert {(record.topic, record.partition) for record in batch.records} == {
            (batch.topic, batch.partition)
        }
        assert all(batch.start <= record.offset < batch.end for record in batch.records)
        try:
            await subscription.commit(batch)
        except Lost:
            continue
        found += batch.records
    return found


def by_key(records: Sequence[Record]) -> dict[bytes | None, list[bytes]]:
    found = defaultdict(list)
    for record in records:
        found[record.key].append(record.value or b"")
    return found


async def test_every_partition_is_read_and_each_key_keeps_its_order(
    open_log: Open, features: Features
) -> None:
    async with open_log() as log:
        await publish(log, runs(range(3)))
        await publish(log, runs(range(3, 5)))
        async with log.subscribe(WIDE, "group") as subscription:
            records = await drained(subscription)
        lag = await log.lag(WIDE, "group")
    assert by_key(records) == {b"k%d" % key: [b"0", b"1", b"2", b"3", b"4"] for key in range(KEYS)}
    assert {record.partition for record in records} == set(range(features.partitions))
    assert lag.positions.keys() == set(range(features.partitions))
    assert lag.records == 0


async def test_a_key_stays_in_its_partition(open_log: Open) -> None:
    async with open_log() as log:
        await publish(log, runs(range(1)))
        await publish(log, runs(range(1, 2)))
        records = [r async for some in log.read(WIDE, "first", follow=False) for r in some]
    homes = defaultdict(set)
    for record in records:
        homes[record.key].add(record.partition)
    assert len(homes) == KEYS
    assert all(len(of_key) == 1 for of_key in homes.values())


async def test_each_batch_read_is_of_one_partition(open_log: Open) -> None:
    async with open_log() as log:
        await publish(log, runs(range(2)))
        batches = [records async for records in log.read(WIDE, "first", follow=False)]
    assert all(len({record.partition for record in records}) == 1 for records in batches)
    assert sum(map(len, batches)) == 2 * KEYS


async def test_members_of_a_group_share_its_records(open_log: Open, features: Features) -> None:
    if not features.members:
        pytest.skip("this log has one member a group")
    async with (
        open_log() as log,
        open_log() as beside,
        log.subscribe(WIDE, "group") as one,
        beside.subscribe(WIDE, "group") as other,
    ):
        here: list[Record] = []
        there: list[Record] = []
        rounds = 0
        async with asyncio.timeout(60):
            while not (here and there):  # the second may be long in joining
                await publish(log, runs(range(rounds, rounds + 1)))
                rounds += 1
                more = await asyncio.gather(drained(one), drained(other))
                here += more[0]
                there += more[1]
    values = {key: sorted(of_key) for key, of_key in by_key([*here, *there]).items()}
    expected = sorted(b"%d" % each for each in range(rounds))
    assert values == {b"k%d" % key: expected for key in range(KEYS)}


async def test_a_commit_in_one_partition_leaves_the_others_alone(open_log: Open) -> None:
    async with open_log() as log:
        await publish(log, runs(range(2)))
        async with log.subscribe(WIDE, "group") as subscription:
            batch = await subscription.poll(5, 1 << 20, 10)
            assert batch is not None
            await subscription.commit(batch, [Message(OUT, r.key, r.value) for r in batch.records])
        async with log.subscribe(WIDE, "group") as subscription:
            rest = await drained(subscription)
        copied = [r.key async for some in log.read(OUT, "first", follow=False) for r in some]
    assert copied == [record.key for record in batch.records]
    assert sorted((r.key or b"", r.value or b"") for r in [*batch.records, *rest]) == sorted(
        (message.key or b"", message.value or b"") for message in runs(range(2))
    )
