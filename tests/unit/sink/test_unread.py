"""What is in the log alone is told as if it were in storage; and where a version waits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from copydesk.sink.opening import open_archive, open_store
from copydesk.sink.step import stages
from copydesk.sink.store import Archive, Tally
from copydesk.sink.unread import Unread, counted, read_unread
from copydesk.sink.waits import Wait, wait_of
from copydesk.topics import PARSER_GROUP, SINK_GROUP
from copydesk.transport import open_transport
from copydesk.transport.api import Message, Transport
from copydesk_schemas.headers import RAW, headers
from copydesk_schemas.messages import Rejection
from tests.unit.sink.events import (
    BEGAN,
    TOPICS,
    article,
    at,
    entry,
    normalized,
    owner,
    rejection_receipt,
    tombstone,
    version,
)


class Desk(NamedTuple):
    """A log, a storage, and the sink between them, which reads when it is told to."""

    transport: Transport
    archive: Archive
    sink: Callable[[], Awaitable[None]]

    async def publish(self, *messages: Message) -> None:
        async with self.transport.publisher("test") as publisher:
            await publisher.publish(messages)

    async def read(self, topic: str, group: str, records: int) -> None:
        """Let `group` take so many records of `topic` as done."""
        async with self.transport.subscribe(topic, group) as subscription:
            while records > 0:
                batch = await subscription.poll(1, 1, 1)
                assert batch is not None
                await subscription.commit(batch)
                records -= len(batch.records)

    async def counted(self) -> tuple[Tally, str | None]:
        unread = await read_unread(self.transport, TOPICS)
        survey = await self.archive.survey(sorted(unread.version_ids), len(unread.rejected) + 1)
        tally, oldest = counted(survey, unread)
        return tally, oldest and oldest.path


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    address = f"sqlite:///{tmp_path}/articles.db"
    async with (
        open_transport(f"sqlite:///{tmp_path}/log.db", TOPICS) as transport,
        open_store(address) as store,
        open_archive(address) as archive,
    ):

        async def sink() -> None:
            """Read to the end of receipts, ledger and events."""
            for stage in stages(store, TOPICS):
                async with transport.subscribe(stage.topic, stage.group) as subscription:
                    while batch := await subscription.poll(100, 1 << 20, 0):
                        done = await stage.step(batch.records)
                        await subscription.commit(batch, done.outputs)

        yield Desk(transport, archive, sink)


def raw(name: str) -> Message:
    own = headers(
        RAW, version_id=version(name), inbox="inbox", path=name, time=at(0), content_type="x"
    )
    return Message(TOPICS.raw.name, name.encode(), b"text", own)


ENTRIES = (owner(), entry("a", second=1), entry("b", second=2), entry("c", second=3))


async def test_counts_are_the_same_whether_the_sink_is_behind_or_not(desk: Desk) -> None:
    await desk.publish(*ENTRIES, rejection_receipt("a"), tombstone("a", "rejected/a"))
    behind = await desk.counted()
    await desk.sink()
    assert behind == await desk.counted()
    assert behind == (Tally({"rejected": 1}, {"empty": 1}, 2), "b")


async def test_a_rejection_that_the_sink_has_not_read_is_counted_once(desk: Desk) -> None:
    await desk.publish(*ENTRIES)
    await desk.sink()
    await desk.publish(rejection_receipt("a"), rejection_receipt("c"))
    assert await desk.counted() == (Tally({"rejected": 2}, {"empty": 2}, 1), "b")


async def test_what_was_stored_before_its_ledger_entry_was_read_is_not_in_flight(
    desk: Desk,
) -> None:
    event = normalized(article(of="a"))
    await desk.publish(Message(TOPICS.normalized.name, event.key, event.value, event.headers))
    await desk.sink()
    await desk.publish(entry("a"))
    assert await desk.counted() == (Tally({"stored": 1}, {}, 0), None)


async def test_the_first_outcome_counts_whatever_the_log_says_later(desk: Desk) -> None:
    event = normalized(article(of="a"))
    await desk.publish(Message(TOPICS.normalized.name, event.key, event.value, event.headers))
    await desk.sink()
    other: Rejection = {"code": "bad_url", "reason": "None.", "field": "URL", "line": 1}
    await desk.publish(
        rejection_receipt("a"), entry("b"), rejection_receipt("b"), rejection_receipt("b", other)
    )
    assert await desk.counted() == (Tally({"stored": 1, "rejected": 1}, {"empty": 1}, 0), None)
    unread = await read_unread(desk.transport, TOPICS)
    (row,) = unread.added_to(await desk.archive.files([version("a")]))
    assert (row.outcome, row.code) == ("stored", None)


async def test_a_version_in_the_log_alone_has_a_row(desk: Desk) -> None:
    await desk.publish(*ENTRIES, rejection_receipt("b"), tombstone("b", "rejected/b"))
    unread = await read_unread(desk.transport, TOPICS)
    (row,) = unread.added_to([], lambda row: row.path == "b")
    assert (row.size, row.outcome, row.code, row.line) == (512, "rejected", "empty", 3)
    assert (row.moved_to, row.disposed_at) == ("rejected/b", at(9))


async def test_nonsense_in_the_log_is_passed_over(desk: Desk) -> None:
    await desk.publish(
        Message(TOPICS.ledger.name, b"k", b"{"), Message(TOPICS.receipts.name, b"k", b"{")
    )
    assert await read_unread(desk.transport, TOPICS) == Unread({}, {}, {})


def events(names: Sequence[str]) -> list[Message]:
    records = [normalized(article(name, of=name)) for name in names]
    return [Message(TOPICS.normalized.name, one.key, one.value, one.headers) for one in records]


@pytest.mark.parametrize(
    ("parsed", "stored", "wait"),
    [
        (0, 0, Wait("parser", 2)),
        (1, 0, Wait("parser", 1)),
        (3, 0, Wait("sink", 2)),
        (3, 2, Wait("sink", 0)),
        (3, 3, Wait(None, None)),
    ],
)
async def test_a_version_waits_where_no_stage_has_read_it(
    desk: Desk, parsed: int, stored: int, wait: Wait
) -> None:
    names = ["a", "b", "c"]
    await desk.publish(*map(raw, names), *events(names[:parsed]))
    await desk.read(TOPICS.raw.name, PARSER_GROUP, parsed)
    await desk.read(TOPICS.normalized.name, SINK_GROUP, stored)
    assert await wait_of(desk.transport, TOPICS, version("c"), BEGAN / 1e6) == wait


async def test_what_the_parser_rejected_waits_only_to_be_recorded(desk: Desk) -> None:
    await desk.publish(raw("a"))
    await desk.read(TOPICS.raw.name, PARSER_GROUP, 1)
    assert await wait_of(desk.transport, TOPICS, version("a"), BEGAN / 1e6) == Wait(None, None)


async def test_where_its_place_is_not_found_the_stage_that_is_behind_is_told(desk: Desk) -> None:
    await desk.publish(raw("a"))
    assert await wait_of(desk.transport, TOPICS, version("z"), BEGAN / 1e6) == Wait("parser", None)
    await desk.read(TOPICS.raw.name, PARSER_GROUP, 1)
    assert await wait_of(desk.transport, TOPICS, version("z"), BEGAN / 1e6) == Wait("sink", None)
