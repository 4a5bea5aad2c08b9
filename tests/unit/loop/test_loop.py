"""The loop over the real log: what it repeats, isolates, waits out and finishes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import CapturingLogger

from copydesk.errors import Refused, Unavailable
from copydesk.loop import outage as waiting
from copydesk.loop import run as pump
from copydesk.loop.run import run_stage
from copydesk.loop.stage import Done, Stage
from copydesk.telemetry.occurrences import Telemetry
from copydesk.transport.api import Batch, Message, Record, Topic, Transport, TransportError
from copydesk.transport.sqlite import open_log
from copydesk.transport.sqlite.subscription import SqliteSubscription
from copydesk_schemas.messages import Code

TOPICS = (
    Topic("in", 1, None, compacted=False, max_message_bytes=1000),
    Topic("out", 1, None, compacted=False, max_message_bytes=1000),
)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "BACKOFF_SECONDS", (0.001,))


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[Transport]:
    async with open_log(tmp_path / "log.db", TOPICS) as opened:
        yield opened


class Watch:
    """What the loop told, by log event."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.logger = CapturingLogger()
        self.telemetry = Telemetry(self.registry, self.logger, ("parser",))

    def events(self, name: str) -> list[dict[str, object]]:
        return [call.kwargs for call in self.logger.calls if call.args[0] == name]

    def metric(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0


def give_up(record: Record, code: Code, reason: str) -> Done:
    value = f"{code}: {reason}".encode()
    return Done([Message("out", record.key, value)], {"rejected": 1}, {code: 1})


def echo(records: Sequence[Record]) -> Done:
    return Done([Message("out", r.key, r.value) for r in records], {"parsed": len(records)})


@asynccontextmanager
async def running(
    log: Transport,
    watch: Watch,
    step: Callable[[Sequence[Record]], Awaitable[Done]],
    abreast: int = 1,
) -> AsyncIterator[asyncio.Event]:
    stopping = asyncio.Event()
    stage = Stage("parser", "in", "group", step, give_up, abreast)
    async with asyncio.TaskGroup() as tasks, asyncio.timeout(20):
        tasks.create_task(run_stage(log, stage, watch.telemetry, stopping))
        yield stopping
        stopping.set()


async def put(log: Transport, count: int) -> None:
    async with log.publisher("tester") as publisher:
        await publisher.publish([Message("in", b"%d" % n, b"%d" % n) for n in range(count)])


async def outputs(log: Transport, count: int) -> list[bytes]:
    found: list[bytes] = []
    async for records in log.read("out", "first", follow=True):
        found += [record.value or b"" for record in records]
        if len(found) >= count:
            break
    return found


async def test_every_record_is_stepped_once_in_order(log: Transport) -> None:
    watch = Watch()
    await put(log, 1000)

    async def step(records: Sequence[Record]) -> Done:
        return echo(records)

    async with running(log, watch, step):
        assert await outputs(log, 1000) == [b"%d" % n for n in range(1000)]
    assert watch.metric("copydesk_records_total", stage="parser", outcome="parsed") == 1000
    assert (await log.lag("in", "group")).records == 0


async def test_a_record_that_our_code_stumbles_over_costs_nothing_but_itself(
    log: Transport,
) -> None:
    watch = Watch()
    await put(log, 1000)

    async def step(records: Sequence[Record]) -> Done:
        if any(record.value == b"617" for record in records):
            raise ZeroDivisionError
        return echo(records)

    async with running(log, watch, step):
        found = await outputs(log, 1000)
    expected = [b"%d" % n for n in range(1000)]
    expected[617] = b"internal_error: ZeroDivisionError in parser"
    assert found == expected
    (event,) = watch.events("record_failed")
    assert event["offset"] == 617


async def test_a_row_that_is_refused_twice_and_alone_is_rejected(log: Transport) -> None:
    watch = Watch()
    await put(log, 10)
    alone = 0

    async def step(records: Sequence[Record]) -> Done:
        nonlocal alone
        if any(record.value == b"3" for record in records):
            alone += len(records) == 1
            raise Refused("too odd")
        return echo(records)

    async with running(log, watch, step):
        found = await outputs(log, 10)
    assert found[3] == b"refused_by_store: too odd"
    assert len(set(found)) == 10
    assert alone == 2


async def test_a_row_that_is_accepted_the_second_time_is_no_rejection(log: Transport) -> None:
    watch = Watch()
    await put(log, 1)
    refusals = iter([True])

    async def step(records: Sequence[Record]) -> Done:
        if next(refusals, False):
            raise Refused("once")
        return echo(records)

    async with running(log, watch, step):
        assert await outputs(log, 1) == [b"0"]


@pytest.mark.parametrize("outage", [Unavailable("disk full"), TransportError("log away")])
async def test_an_outage_is_waited_out_and_told_once_at_each_end(
    log: Transport, outage: Exception
) -> None:
    watch = Watch()
    await put(log, 3)
    failures = iter([outage] * 5)

    async def step(records: Sequence[Record]) -> Done:
        for error in failures:
            ready_before = not watch.events("stage_waits")
            assert watch.telemetry.not_ready() == ([] if ready_before else ["parser"])
            raise error
        return echo(records)

    async with running(log, watch, step):
        assert await outputs(log, 3) == [b"0", b"1", b"2"]
    assert [event["why"] for event in watch.events("stage_waits")] == [str(outage)]
    assert len(watch.events("stage_resumes")) == 1
    assert watch.telemetry.not_ready() == []


async def test_stopping_finishes_the_batch_in_hand(log: Transport) -> None:
    watch = Watch()
    await put(log, 5)
    entered, leave = asyncio.Event(), asyncio.Event()

    async def step(records: Sequence[Record]) -> Done:
        entered.set()
        await leave.wait()
        return echo(records)

    async with running(log, watch, step) as stopping:
        await entered.wait()
        stopping.set()
        leave.set()
    assert await outputs(log, 5) == [b"%d" % n for n in range(5)]
    assert (await log.lag("in", "group")).records == 0


async def test_a_batch_is_stepped_while_the_one_before_it_is_committed(
    log: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch()
    monkeypatch.setattr(pump, "MAX_RECORDS", 5)
    await put(log, 10)
    second, committed = asyncio.Event(), asyncio.Event()
    commit = SqliteSubscription.commit

    async def slow(self: SqliteSubscription, batch: Batch, outputs: Sequence[Message] = ()) -> None:
        await commit(self, batch, outputs)
        await second.wait()
        committed.set()

    async def step(records: Sequence[Record]) -> Done:
        if records[0].value == b"5":
            assert not committed.is_set()
            second.set()
        return echo(records)

    monkeypatch.setattr(SqliteSubscription, "commit", slow)
    async with running(log, watch, step):
        assert await outputs(log, 10) == [b"%d" % n for n in range(10)]
    assert (await log.lag("in", "group")).records == 0


async def test_what_was_stepped_behind_a_commit_that_failed_is_stepped_again(
    log: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch()
    monkeypatch.setattr(pump, "MAX_RECORDS", 5)
    await put(log, 20)
    commit, failures = SqliteSubscription.commit, iter([False, True, False, True])

    async def failing(
        self: SqliteSubscription, batch: Batch, outputs: Sequence[Message] = ()
    ) -> None:
        beyond = [Message("out", None, b"x" * 9_999)] if next(failures, False) else []
        await commit(self, batch, [*outputs, *beyond])

    async def step(records: Sequence[Record]) -> Done:
        return echo(records)

    monkeypatch.setattr(SqliteSubscription, "commit", failing)
    async with running(log, watch, step):
        assert await outputs(log, 20) == [b"%d" % n for n in range(20)]
    assert watch.metric("copydesk_records_total", stage="parser", outcome="parsed") == 20


@pytest.mark.parametrize("abreast", [1, 2])
async def test_commits_that_fail_again_and_again_are_one_outage(
    log: Transport, monkeypatch: pytest.MonkeyPatch, abreast: int
) -> None:
    watch = Watch()
    monkeypatch.setattr(pump, "MAX_RECORDS", 5)
    await put(log, 20)
    commit, failures = SqliteSubscription.commit, iter([True] * 6)

    async def failing(
        self: SqliteSubscription, batch: Batch, outputs: Sequence[Message] = ()
    ) -> None:
        if next(failures, False):
            raise TransportError("the disk is full")
        await commit(self, batch, outputs)

    async def step(records: Sequence[Record]) -> Done:
        return echo(records)

    monkeypatch.setattr(SqliteSubscription, "commit", failing)
    async with running(log, watch, step, abreast):
        assert await outputs(log, 20) == [b"%d" % n for n in range(20)]
    assert len(watch.events("stage_waits")) == len(watch.events("stage_resumes")) == 1


async def test_batches_that_are_stepped_abreast_are_committed_in_their_order(
    log: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch()
    monkeypatch.setattr(pump, "MAX_RECORDS", 5)
    await put(log, 50)
    second = asyncio.Event()
    abreast = most = 0

    async def step(records: Sequence[Record]) -> Done:
        nonlocal abreast, most
        abreast += 1
        most = max(most, abreast)
        if records[0].value == b"5":
            second.set()
        await second.wait()
        if int(records[0].value or b"") % 2:
            await asyncio.sleep(0)
        abreast -= 1
        return echo(records)

    async with running(log, watch, step, abreast=2):
        assert await outputs(log, 50) == [b"%d" % n for n in range(50)]
    assert most == 2
    assert (await log.lag("in", "group")).records == 0


@pytest.mark.parametrize("failing", [b"0", b"5", b"10"])
async def test_what_is_stepped_behind_a_step_that_fails_is_stepped_again(
    log: Transport, monkeypatch: pytest.MonkeyPatch, failing: bytes
) -> None:
    watch = Watch()
    monkeypatch.setattr(pump, "MAX_RECORDS", 5)
    await put(log, 20)
    failures = {failing}

    async def step(records: Sequence[Record]) -> Done:
        first = records[0].value or b""
        if first in failures:
            failures.discard(first)
            raise Unavailable("away for a moment")
        return echo(records)

    async with running(log, watch, step, abreast=2):
        assert await outputs(log, 20) == [b"%d" % n for n in range(20)]
    assert len(watch.events("stage_waits")) == len(watch.events("stage_resumes")) == 1
    assert watch.metric("copydesk_records_total", stage="parser", outcome="parsed") == 20


async def test_stopping_finishes_all_batches_in_hand(
    log: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch()
    monkeypatch.setattr(pump, "MAX_RECORDS", 5)
    await put(log, 20)
    both, leave = asyncio.Event(), asyncio.Event()

    async def step(records: Sequence[Record]) -> Done:
        if records[0].value == b"5":
            both.set()
        await leave.wait()
        return echo(records)

    async with running(log, watch, step, abreast=2) as stopping:
        await both.wait()
        stopping.set()
        leave.set()
    assert await outputs(log, 10) == [b"%d" % n for n in range(10)]
    assert (await log.lag("in", "group")).records == 10


async def test_an_idle_stage_stops_at_once(log: Transport) -> None:
    watch = Watch()

    async def step(records: Sequence[Record]) -> Done:
        return echo(records)

    began = asyncio.get_running_loop().time()
    async with running(log, watch, step):
        while watch.telemetry.not_ready():  # noqa: ASYNC110 -- telemetry has no event to wait for
            await asyncio.sleep(0)
    assert asyncio.get_running_loop().time() - began < 5
