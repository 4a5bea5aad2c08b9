"""The watcher: one loop that disposes, looks, publishes, and begins again.

It keeps no state but what the log has. Whenever it cannot know what the log has taken in, it starts
afresh and reads that back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple
from uuid import uuid4

from copydesk.errors import Unavailable, Unusable
from copydesk.loop.outage import Outage
from copydesk.telemetry.occurrences import Telemetry
from copydesk.topics import Topics
from copydesk.transport.api import (
    Message,
    Publisher,
    Record,
    Replaced,
    Since,
    TooLarge,
    Transport,
    TransportError,
)
from copydesk.watcher.closed import ignore_lease_breaks
from copydesk.watcher.events import FolderEvents
from copydesk.watcher.harvest import MAX_FILES, Harvest
from copydesk.watcher.hints import Hint, Hints
from copydesk.watcher.inbox import open_inbox
from copydesk.watcher.ledger import Ledger
from copydesk.watcher.names import names_of
from copydesk.watcher.options import WatcherOptions
from copydesk.watcher.outbox import Outbox
from copydesk.watcher.receipts import Settled, Verdicts
from copydesk.watcher.rounds import Rounds
from copydesk.watcher.schedule import Schedule
from copydesk.watcher.telling import Telling

STAGE: Final = "watcher"
CLOCK_MARGIN_SECONDS: Final = 60.0
"""How far the log's clock may be behind ours."""


async def watch(
    transport: Transport,
    topics: Topics,
    options: WatcherOptions,
    telemetry: Telemetry,
    stopping: asyncio.Event,
) -> None:
    """Watch an inbox until `stopping`; the round in hand is published before it returns.

    Outages of the log and of the inbox are waited out. Raises Unusable where the inbox cannot be
    used, Replaced where it belongs to another watcher. To be called from the main thread.
    """
    ignore_lease_breaks()
    instance, telling = str(uuid4()), Telling(telemetry)
    outage = Outage(STAGE, telemetry, stopping)
    while not stopping.is_set():
        session = Session(transport, topics, options, telling, stopping)
        try:
            await session.run(instance, outage)
        except Replaced as error:
            owner = (await session.read_ledger()).owner
            if owner is not None and owner["instance"] != instance:
                winner = "{instance} (process {pid} on {host})".format(**owner)
                telemetry.watcher_owned_by_other(winner)
                raise Replaced(
                    f"the inbox {options.inbox_name} has been taken over by another watcher,"
                    f" {winner}; only one can have it"
                ) from error
            await outage.wait(error)
        except TooLarge as error:
            raise Unusable(f"{error}; raise that topic's limit") from error
        except (TransportError, Unavailable) as error:
            await outage.wait(error)


class Desk(NamedTuple):
    """What a session works with once it owns the inbox."""

    publisher: Publisher
    ledger: Ledger
    rounds: Rounds
    schedule: Schedule
    verdicts: Verdicts
    owner: Callable[[], Message]


class Session:
    """A watcher from its start to the next time that it cannot know what the log has taken in."""

    def __init__(
        self,
        transport: Transport,
        topics: Topics,
        options: WatcherOptions,
        telling: Telling,
        stopping: asyncio.Event,
    ) -> None:
        self._transport = transport
        self._topics = topics
        self._options = options
        self._telling = telling
        self._stopping = stopping
        self._outbox = Outbox(options.inbox_name, topics)
        self._wake = asyncio.Event()
        self._hints = Hints(self._wake.set)
        self._receipts: asyncio.Queue[Sequence[Record]] = asyncio.Queue(1)

    async def read_ledger(self) -> Ledger:
        """What the ledger says now."""
        ledger = Ledger(self._options.inbox_name)
        async for records in self._transport.read(self._topics.ledger.name, "first", follow=False):
            ledger.load(records)
        return ledger

    async def run(self, instance: str, outage: Outage) -> None:
        """Work until `stopping`. Raises TransportError, Unavailable and Unusable."""
        began, since = time.monotonic(), time.time_ns() // 1000
        options, outbox, telemetry = self._options, self._outbox, self._telling.telemetry
        root = await asyncio.to_thread(open_inbox, options)
        async with self._transport.publisher(f"{STAGE}.{options.inbox_name}") as publisher:
            # Whoever had the inbox before can publish no more: what is read now is all there is.
            await publisher.publish([outbox.owner(instance, since, 0)])
            ledger = await self.read_ledger()
            await publisher.publish([outbox.owner(instance, since, ledger.highest)])
            rounds = Rounds(root, options, outbox, ledger, self._hints)
            await asyncio.to_thread(rounds.clearing.find_left_behind)
            names = names_of(options)
            with FolderEvents(root, names, self._hints, telemetry.events_lost) as events:
                outage.over()
                telemetry.watcher_started(
                    str(options.inbox), len(ledger.known), time.monotonic() - began
                )
                desk = Desk(
                    publisher,
                    ledger,
                    rounds,
                    Schedule(
                        root=root,
                        options=options,
                        names=names,
                        ledger=ledger,
                        events=events,
                        hints=self._hints,
                    ),
                    Verdicts(options.inbox_name, ledger.known),
                    lambda: outbox.owner(instance, since, ledger.highest),
                )
                await self._run(desk)

    async def _run(self, desk: Desk) -> None:
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(self._stopping.wait())]
        if self._options.after != "keep":
            tasks.append(asyncio.create_task(self._follow(desk.ledger.oldest())))
        for task in tasks:
            task.add_done_callback(lambda _: self._wake.set())
        left: Sequence[Hint] = ()
        try:
            while not self._stopping.is_set():
                for task in tasks:
                    if task.done():
                        task.result()
                self._wake.clear()
                left = await self._round(desk, left or self._hints.take_files(MAX_FILES))
                if not left and not desk.verdicts and not desk.rounds.walks:
                    await self._rest(desk)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _round(self, desk: Desk, hinted: Sequence[Hint]) -> Sequence[Hint]:
        """Do one round and publish it. Returns the hints that it did not get to."""
        publisher, ledger, rounds, schedule, verdicts, owner = desk
        schedule.begin(rounds.walks)
        if not verdicts and not self._receipts.empty():
            verdicts.hear(self._receipts.get_nowait())
        due = await self._explained(verdicts, ledger)
        try:
            harvest = await asyncio.to_thread(rounds.work, due, hinted)
        except OSError as error:
            raise Unavailable(f"the inbox {self._options.inbox}: {error.strerror}") from error
        if self._hints.root_lost:
            raise Unavailable(f"the inbox {self._options.inbox} was moved or deleted")
        if harvest.messages:
            # A tombstone may be the last trace of the highest observed_at.
            await publisher.publish([*harvest.messages, owner()])
        verdicts.tried(due)
        verdicts.again(harvest.due)
        self._note_hints(harvest, hinted)
        self._telling.round(harvest, len(ledger.known))
        for walk in harvest.finished_walks:
            schedule.finished(walk)
            if walk.whole:
                seconds = time.monotonic() - walk.began
                self._telling.telemetry.scan_finished(seconds, walk.scan.files)
                self._telling.blind(str(self._options.inbox), schedule.why_blind())
        return harvest.unfinished

    def _note_hints(self, harvest: Harvest, hinted: Sequence[Hint]) -> None:
        hints = self._hints
        later = {path for path, _, _ in harvest.look_later}
        for path, _ in hinted:
            if path not in later:
                hints.settled(path)
        for path, seconds, mark in harvest.look_later:
            hints.later(path, seconds, mark)
        for path in harvest.look_again:
            hints.file(path)

    async def _explained(self, verdicts: Verdicts, ledger: Ledger) -> list[Settled]:
        """The next files to be disposed of; where nobody remembers why, the log is asked again."""
        due = verdicts.next(MAX_FILES)
        unexplained = verdicts.unexplained(due)
        if unexplained:
            start = Since(ledger.oldest() - CLOCK_MARGIN_SECONDS)
            receipts = self._topics.receipts.name
            async for records in self._transport.read(receipts, start, follow=False):
                verdicts.recall(records, unexplained)
        return verdicts.complete(due)

    async def _follow(self, oldest: float) -> None:
        start = Since(oldest - CLOCK_MARGIN_SECONDS)
        async for records in self._transport.read(self._topics.receipts.name, start, follow=True):
            await self._receipts.put(records)
            self._wake.set()

    async def _rest(self, desk: Desk) -> None:
        """Wait until there is something to be done."""
        if not self._receipts.empty():
            return
        pause = min(self._hints.seconds_to_next(), desk.rounds.clearing.seconds_to_retry())
        with suppress(TimeoutError):
            async with asyncio.timeout(None if pause == float("inf") else pause):
                await self._wake.wait()
