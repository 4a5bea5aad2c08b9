"""Retention and compaction of the SQLite log."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.transport.api import At, Message, Record, Since, Topic
from copydesk.transport.sqlite import open_log, upkeep
from copydesk.transport.sqlite.log import SqliteLog

DAY = 86_400.0
AGED = Topic("aged", 1, 10 * DAY, compacted=False, max_message_bytes=1 << 20)
SIZED = Topic("sized", 1, None, False, 1 << 20, retention_bytes=25_000)
LEDGER = Topic("ledger", 1, None, compacted=True, max_message_bytes=1 << 20)


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave upkeep to the tests: the log's own would come between."""

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("copydesk.transport.sqlite.keep_up", never)


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[SqliteLog]:
    async with open_log(tmp_path / "log.db", (AGED, SIZED, LEDGER)) as opened:
        yield opened


async def records(log: SqliteLog, topic: Topic) -> list[Record]:
    return [r async for some in log.read(topic.name, "first", follow=False) for r in some]


async def put(log: SqliteLog, *messages: Message) -> None:
    for message in messages:  # each a frame of its own
        await log.file.publish([message])


def of(topic: Topic, *values: bytes | None, size: int = 0) -> list[Message]:
    return [Message(topic.name, b"k", value and value + b"." * size) for value in values]


async def test_what_is_older_than_the_retention_goes(log: SqliteLog) -> None:
    await put(log, *of(AGED, b"old", b"older"))
    await upkeep.expire(log.file, AGED, time.time() + 9 * DAY)
    assert len(await records(log, AGED)) == 2
    await upkeep.expire(log.file, AGED, time.time() + 11 * DAY)
    assert await records(log, AGED) == []
    await put(log, *of(AGED, b"new"))
    assert [record.offset for record in await records(log, AGED)] == [2]


async def test_a_clock_that_steps_back_hides_nothing_from_a_reader(
    log: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(log, *of(AGED, b"before"))
    before = (await records(log, AGED))[0].timestamp
    monkeypatch.setattr(time, "time", lambda: before - 3600)
    await put(log, *of(AGED, b"after"))
    since = [r async for some in log.read("aged", Since(before), follow=False) for r in some]
    assert [record.value for record in since] == [b"before", b"after"]


async def test_what_a_group_has_not_read_stays_however_old(log: SqliteLog) -> None:
    await put(log, *of(AGED, b"read", b"unread"))
    async with log.subscribe("aged", "slow") as subscription:
        batch = await subscription.poll(1, 1, 1)
        assert batch is not None
        await subscription.commit(batch)
        await upkeep.expire(log.file, AGED, time.time() + 99 * DAY)
        assert [record.value for record in await records(log, AGED)] == [b"unread"]
        following = await subscription.poll(9, 99, 1)
        assert following is not None
        assert [record.value for record in following.records] == [b"unread"]


async def test_the_oldest_of_too_much_go(log: SqliteLog) -> None:
    await put(log, *of(SIZED, b"1", b"2", b"3", b"4", size=10_000))
    await upkeep.expire(log.file, SIZED, time.time())
    kept = [(record.value or b"")[:1] for record in await records(log, SIZED)]
    assert kept == [b"3", b"4"]


async def test_a_reader_whose_start_was_deleted_gets_what_is_left(log: SqliteLog) -> None:
    await put(log, *of(AGED, b"gone"))
    await upkeep.expire(log.file, AGED, time.time() + 11 * DAY)
    await put(log, *of(AGED, b"left"))
    found = [r async for some in log.read("aged", At(0), follow=False) for r in some]
    assert [record.value for record in found] == [b"left"]


History = list[tuple[int, bool]]
"""Keys, and whether the record is a tombstone."""


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    history=st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=40),
    read=st.integers(0, 40),
    days=st.sampled_from([0.0, 2.0]),
)
async def test_compaction_keeps_the_last_of_each_key_and_what_is_unread(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    history: History,
    read: int,
    days: float,
) -> None:
    monkeypatch.setattr(upkeep, "COMPACT_RECORDS", 1)
    async with open_log(tmp_path_factory.mktemp("log") / "log.db", (LEDGER,)) as log:
        await put(
            log,
            *(
                Message("ledger", b"%d" % key, None if gone else b"%d" % place)
                for place, (key, gone) in enumerate(history)
            ),
        )
        before = await records(log, LEDGER)
        async with log.subscribe("ledger", "group") as subscription:
            batch = await subscription.poll(max(read, 1), 1 << 20, 0)
            if batch and read:
                await subscription.commit(batch)
                await upkeep.compact(log.file, LEDGER, time.time() + days * DAY)
        floor = min(read, len(history)) if history else 0
        last = {record.key: record.offset for record in before[:floor]}
        expected = [
            record
            for record in before
            if record.offset >= floor
            or (last[record.key] == record.offset and (record.value is not None or not days))
        ]
        after = await records(log, LEDGER)
        assert [(r.offset, r.key, r.value) for r in after] == [
            (r.offset, r.key, r.value) for r in expected
        ]


async def test_compaction_makes_one_frame_of_many_and_waits_for_its_next_turn(
    log: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "COMPACT_RECORDS", 10)

    async def frames() -> int:
        found = await log.file.query(lambda c: c.execute("SELECT count(*) FROM batch").fetchone())
        return int(found[0])

    await put(log, *(Message("ledger", b"%d" % key, b"v") for key in range(10)))
    await upkeep.compact(log.file, LEDGER, time.time())
    assert await frames() == 1
    await put(log, *(Message("ledger", b"%d" % key, b"w") for key in range(9)))
    await upkeep.compact(log.file, LEDGER, time.time())
    assert await frames() == 10
    await put(log, Message("ledger", b"9", b"w"))
    await upkeep.compact(log.file, LEDGER, time.time())
    assert await frames() == 1
    assert {record.value for record in await records(log, LEDGER)} == {b"w"}
