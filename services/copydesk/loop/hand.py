"""The batches that a stage has in hand."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import NamedTuple

from copydesk.loop.isolation import stepped
from copydesk.loop.stage import Done, Stage
from copydesk.telemetry.occurrences import Telemetry
from copydesk.telemetry.progress import Counted
from copydesk.transport.api import Batch, Subscription


class _Stepping(NamedTuple):
    batch: Batch
    task: asyncio.Task[Done]
    began: float


class _Committing(NamedTuple):
    batch: Batch
    task: asyncio.Task[None]


class Hand:
    """Batches in their order: the first may be committed while those after it are stepped."""

    def __init__(self, subscription: Subscription, stage: Stage, telemetry: Telemetry) -> None:
        self._subscription = subscription
        self._stage = stage
        self._telemetry = telemetry
        self._committing: _Committing | None = None
        self._stepping: deque[_Stepping] = deque()

    @property
    def batches(self) -> list[Batch]:
        """All that are not known to be committed."""
        return [one.batch for one in self._under_way()]

    @property
    def full(self) -> bool:
        """Whether no other batch may be stepped now."""
        return len(self._stepping) == self._stage.abreast

    def take(self, batch: Batch) -> None:
        """Begin to step `batch`."""
        step = stepped(self._stage, batch.records, self._telemetry)
        self._stepping.append(_Stepping(batch, asyncio.create_task(step), time.perf_counter()))

    async def go_on(self) -> bool:
        """See the first step and the commit before it done, and begin the commit that follows.

        Whether there was a commit to be seen done, or nothing to do at all. Raises what they
        raise: then all is to be dropped.
        """
        committing, idle = self._committing, not self._under_way()
        done = await self._stepping[0].task if self._stepping else None
        if committing is not None:
            await committing.task
            self._committing = None
        if done is not None:
            batch, _, began = self._stepping.popleft()
            commit = self._commit(batch, done, began)
            self._committing = _Committing(batch, asyncio.create_task(commit))
            await asyncio.sleep(0)  # let it begin: on Kafka, calls take turns
        return idle or committing is not None

    async def drop(self) -> None:
        """Let go of all of it, when what is under way has ended."""
        # The first exception was raised, and with it none of the others counts.
        await asyncio.gather(*[one.task for one in self._under_way()], return_exceptions=True)
        self._committing = None
        self._stepping.clear()

    async def cancel(self) -> None:
        """End what is under way."""
        for one in self._under_way():
            one.task.cancel()
        await self.drop()

    def _under_way(self) -> list[_Committing | _Stepping]:
        return [*([self._committing] if self._committing else []), *self._stepping]

    async def _commit(self, batch: Batch, done: Done, began: float) -> None:
        await self._subscription.commit(batch, done.outputs)
        now = time.time()
        self._telemetry.batch_done(
            self._stage.name,
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
        self._telemetry.samples(done.articles, done.rejection)
