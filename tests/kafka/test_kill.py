"""Exactly once, whatever is killed or frozen."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from copydesk.transport.api import TransportError
from copydesk.transport.kafka.log import KafkaLog
from tests.kafka.conftest import World, numbered, numbers

COPIER = Path(__file__).with_name("copier.py")
PARTITIONS = 4
WORKERS = 3
CHAOS_SECONDS = 30.0


class Workers:
    """Processes that are killed, ended and frozen; whoever goes is replaced."""

    def __init__(self, world: World) -> None:
        self._command = [sys.executable, str(COPIER), world.address, world.prefix]
        self._processes = [self._start() for _ in range(WORKERS)]

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command)

    async def harm(self, chance: random.Random) -> None:
        """Do something bad to one of them."""
        place = chance.randrange(WORKERS)
        worst = chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP])
        process = self._processes[place]
        process.send_signal(worst)
        if worst == signal.SIGSTOP:
            await asyncio.sleep(chance.choice([0.5, 8.0]))  # a session is six
            process.send_signal(signal.SIGCONT)
        else:
            await asyncio.to_thread(process.wait)
            self._processes[place] = self._start()

    def end(self) -> None:
        """Kill all of them."""
        for process in self._processes:
            process.kill()
            process.wait()


@contextmanager
def working(world: World) -> Iterator[Workers]:
    workers = Workers(world)
    try:
        yield workers
    finally:
        workers.end()


async def publish(log: KafkaLog, topic: str, stopping: asyncio.Event) -> int:
    """Publish numbers until `stopping`; how many."""
    count = 0
    async with log.publisher("source") as publisher:
        while not stopping.is_set():
            await publisher.publish(numbered(topic, range(count, count + 100)))
            count += 100
            await asyncio.sleep(0.05)
    return count


async def until_copied(log: KafkaLog, topic: str) -> None:
    while True:
        try:
            if (await log.lag(topic, "g")).records == 0:
                return
        except TransportError:
            pass
        await asyncio.sleep(0.5)


@pytest.mark.slow
async def test_copiers_that_are_killed_and_frozen_neither_lose_nor_double(
    world: World, log: KafkaLog
) -> None:
    chance = random.Random(11)  # noqa: S311 -- no secret
    source, copies = world.topic("many.in", PARTITIONS), world.topic("many.out", PARTITIONS)
    many = World(world.address, f"{world.prefix}.many")
    await log.ensure([source, copies])
    stopping = asyncio.Event()
    with working(many) as workers:
        publishing = asyncio.create_task(publish(log, source.name, stopping))
        until = asyncio.get_running_loop().time() + CHAOS_SECONDS
        while asyncio.get_running_loop().time() < until:
            await asyncio.sleep(chance.uniform(0.2, 2.0))
            await workers.harm(chance)
        stopping.set()
        total = await publishing
        async with asyncio.timeout(60), many.open() as looking:
            await until_copied(looking, source.name)
    found: dict[int, list[int]] = {number: [] for number in range(PARTITIONS)}
    async for records in log.read(copies.name, "first", follow=False):
        found[records[0].partition] += numbers(records)
    assert sorted(number for of_one in found.values() for number in of_one) == list(range(total))
    assert all(of_one == sorted(of_one) for of_one in found.values())
