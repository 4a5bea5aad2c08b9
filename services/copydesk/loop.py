"""poll → step → commit: the one place that batches, retries, and isolates what fails."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from copydesk.errors import Refused, Unavailable, Unusable
from copydesk.telemetry.occurrences import Telemetry
from copydesk.telemetry.progress import Counted, RejectedSample, StoredSample
from copydesk.transport.api import (
    Batch,
    Lost,
    Message,
    PositionLost,
    Record,
    Subscription,
    Transport,
    TransportError,
)
from copydesk_schemas.messages import Code

T = TypeVar("T")

MAX_RECORDS = 256
MAX_BYTES = 4 << 20
MAX_WAIT_SECONDS = 30.0
BACKOFF_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""How long a stage waits after each failure in a row; the last holds for all that follow."""
ATTEMPTS_ALONE = 2
"""How often the store must refuse a row that stands alone before it is rejected."""


class Done(NamedTuple):
    """What a step made of some records."""

    outputs: Sequence[Message] = ()
    outcomes: Mapping[str, int] = {}
    """Records by what they came to: `parsed`, `stored`, `rejected` and so on."""
    rejections: Mapping[str, int] = {}
    """Rejections by code."""
    latencies: Mapping[str, Sequence[float]] = {}
    """Seconds from file closed to outcome decided, by outcome."""
    unrepaired: Mapping[str, int] = {}
    """Fields that went out as they came, by name."""
    articles: Sequence[StoredSample] = ()
    """Some of the stored articles, newest first, to be shown."""
    rejection: RejectedSample | None = None
    """One of the rejections, to be shown."""


Step = Callable[[Sequence[Record]], Awaitable[Done]]
GiveUp = Callable[[Record, Code, str], Done]
"""What becomes of a record that cannot be processed, by code and reason."""


class Stage(NamedTuple):
    """A step, and what it reads. `name` is the value of the metrics' label `stage`."""

    name: str
    topic: str
    group: str
    step: Step
    give_up: GiveUp


async def run_stage(
    transport: Transport, stage: Stage, telemetry: Telemetry, stopping: asyncio.Event
) -> None:
    """Run `stage` until `stopping`; the batch in hand is committed before it returns.

    Outages of the log and the store are waited out. Raises Unusable where waiting is no help.
    """
    outage = Outage(stage.name, telemetry, stopping)
    while not stopping.is_set():
        try:
            async with transport.subscribe(stage.topic, stage.group) as subscription:
                outage.over()
                await _pump(subscription, stage, telemetry, stopping, outage)
        except TransportError as error:
            await outage.wait(error)


async def _pump(
    subscription: Subscription,
    stage: Stage,
    telemetry: Telemetry,
    stopping: asyncio.Event,
    outage: Outage,
) -> None:
    """Step one batch while the one before it is committed."""
    committing: asyncio.Task[None] | None = None
    try:
        while committing is not None or not stopping.is_set():
            try:
                batch = await _next(subscription, stopping, wait=committing is None)
                began = time.perf_counter()
                done = await _process(stage, batch.records, telemetry) if batch else Done()
                if committing is not None:
                    before, committing = committing, None
                    await before  # where it fails, the batch in hand is not ours any more
                outage.over()
                if batch is not None:
                    commit = _commit(subscription, stage, telemetry, batch, done, began=began)
                    committing = asyncio.create_task(commit)
                    await asyncio.sleep(0)  # let it begin: what is polled next is what follows
            except Lost:
                continue
            except PositionLost as error:
                raise Unusable(str(error)) from error
            except (TransportError, Unavailable) as error:
                await outage.wait(error)
    finally:
        if committing is not None:
            committing.cancel()
            await asyncio.wait([committing])


async def _next(subscription: Subscription, stopping: asyncio.Event, *, wait: bool) -> Batch | None:
    if stopping.is_set():
        return None
    seconds = MAX_WAIT_SECONDS if wait else 0.0
    return await unless(stopping, subscription.poll(MAX_RECORDS, MAX_BYTES, seconds))


async def _commit(
    subscription: Subscription,
    stage: Stage,
    telemetry: Telemetry,
    batch: Batch,
    done: Done,
    *,
    began: float,
) -> None:
    await subscription.commit(batch, done.outputs)
    now = time.time()
    telemetry.batch_done(
        stage.name,
        Counted(
            len(batch.records),
            sum(len(record.value or b"") for record in batch.records),
            time.perf_counter() - began,
            [max(0.0, now - record.timestamp) for record in batch.records],
            done.outcomes,
            done.rejections,
            done.latencies,
            done.unrepaired,
        ),
    )
    telemetry.samples(done.articles, done.rejection)


async def _process(stage: Stage, records: Sequence[Record], telemetry: Telemetry) -> Done:
    """What the step makes of `records`, less those that it stumbles over."""
    try:
        return await stage.step(records)
    except (TransportError, Unavailable):
        raise
    except Refused as error:
        if len(records) == 1:
            return await _refused(stage, records[0], error)
    except Exception as error:  # noqa: BLE001 -- a bug of ours must cost one record, not the stage
        if len(records) == 1:
            return _stumbled(stage, records[0], error, telemetry)
    half = len(records) // 2
    return merged(
        await _process(stage, records[:half], telemetry),
        await _process(stage, records[half:], telemetry),
    )


async def _refused(stage: Stage, record: Record, refusal: Refused) -> Done:
    for _ in range(ATTEMPTS_ALONE - 1):
        try:
            return await stage.step([record])
        except Refused as error:
            refusal = error
    return stage.give_up(record, "refused_by_store", str(refusal))


def _stumbled(stage: Stage, record: Record, error: Exception, telemetry: Telemetry) -> Done:
    version = dict(record.headers).get("ce_id")
    telemetry.record_failed(
        stage.name,
        record.topic,
        record.partition,
        record.offset,
        version.decode("utf-8", "backslashreplace") if version else None,
        error,
    )
    return stage.give_up(record, "internal_error", f"{type(error).__name__} in {stage.name}")


def merged(first: Done, second: Done) -> Done:
    """What `first` and `second` are together."""
    return Done(
        [*first.outputs, *second.outputs],
        Counter(first.outcomes) + Counter(second.outcomes),
        Counter(first.rejections) + Counter(second.rejections),
        {
            outcome: [*first.latencies.get(outcome, ()), *second.latencies.get(outcome, ())]
            for outcome in {**first.latencies, **second.latencies}
        },
        Counter(first.unrepaired) + Counter(second.unrepaired),
        [*second.articles, *first.articles],
        second.rejection or first.rejection,
    )


class Outage:
    """From the first failure of something a stage needs until it works again."""

    def __init__(self, stage: str, telemetry: Telemetry, stopping: asyncio.Event) -> None:
        self._stage = stage
        self._telemetry = telemetry
        self._stopping = stopping
        self._began: float | None = None
        self._failures = 0

    async def wait(self, error: Exception) -> None:
        """Tell of `error`, and wait as long as the failures in a row demand."""
        if self._began is None:
            self._began = time.monotonic()
        self._telemetry.stage_waits(self._stage, str(error))
        pause = BACKOFF_SECONDS[min(self._failures, len(BACKOFF_SECONDS) - 1)]
        self._failures += 1
        await unless(self._stopping, asyncio.sleep(pause))

    def over(self) -> None:
        """It works again, or still."""
        began, self._began, self._failures = self._began, None, 0
        self._telemetry.stage_resumes(
            self._stage, 0.0 if began is None else time.monotonic() - began
        )


async def unless(stopping: asyncio.Event, work: Awaitable[T]) -> T | None:
    """What `work` returns, or None when `stopping` comes first; `work` is cancelled then."""
    working = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait((working, stop), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, stop):
            task.cancel()
        await asyncio.wait((working, stop))
