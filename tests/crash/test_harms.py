"""Services that are killed, ended and frozen under load: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from copydesk.topics import topics
from tests.crash.judge import read_log, settled, verdict
from tests.crash.load import Load
from tests.pipeline import COPYDESK, environment, waiting_in
from tests.postgres.database import Database

ROLES: Final = ("watcher", "parser", "parser", "parser", "sink", "sink")
PARTITIONS: Final = 4
ACTIONS_A_SECOND: Final = 20
HARMS: Final = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP)
FREEZES: Final = (0.5, 30.0)
"""Seconds; after the longer, a frozen member has lost its partitions to another."""
PATIENCE_SECONDS: Final = 180.0
"""Until all is settled: whoever was killed last keeps its partitions for a session."""


class Services:
    """A process for each of ROLES, on servers that others share; whoever goes is replaced."""

    def __init__(self, home: Path, kafka: str, database: Database) -> None:
        self.inbox = home / "inbox"
        self.inbox.mkdir()
        self.kafka = kafka
        self.prefix = f"harm-{uuid.uuid4().hex[:8]}"
        self.harms: Counter[str] = Counter()
        self._database = database
        self._home = home
        self._environment = environment() | {
            "COPYDESK_TRANSPORT": kafka,
            "COPYDESK_STORE": database.address,
            "COPYDESK_PREFIX": self.prefix,
            "COPYDESK_PARTITIONS": str(PARTITIONS),
            "COPYDESK_INBOX": str(self.inbox),
            "COPYDESK_DATA": str(home / "data"),
            "COPYDESK_SCAN_SECONDS": "1",
            "COPYDESK_PORT": "0",
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start all of them."""
        self._processes = [self._start(place) for place in range(len(ROLES))]

    def _start(self, place: int) -> subprocess.Popen[bytes]:
        with (self._home / f"{ROLES[place]}-{place}.log").open("ab") as log:
            return subprocess.Popen(
                [COPYDESK, ROLES[place]], env=self._environment, stdout=log, stderr=log
            )

    async def harm(self, chance: random.Random) -> None:
        """Do something bad to one of them."""
        place = chance.randrange(len(ROLES))
        process, worst = self._processes[place], chance.choice(HARMS)
        self.harms[f"{ROLES[place]} {worst.name}"] += 1
        process.send_signal(worst)
        if worst == signal.SIGSTOP:
            await asyncio.sleep(chance.choice(FREEZES))
            process.send_signal(signal.SIGCONT)
        else:
            await asyncio.to_thread(process.wait)
            self._processes[place] = self._start(place)

    def check(self) -> None:
        """Nobody ends by himself but who was replaced, and nobody was."""
        for place, process in enumerate(self._processes):
            log = self._home / f"{ROLES[place]}-{place}.log"
            assert process.poll() is None, log.read_text("utf-8", "replace")[-3000:]

    def end(self) -> None:
        """Kill all of them."""
        for process in self._processes:
            process.kill()
            process.wait()

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """What the storage answers. Not to be called in an event loop's thread."""
        return asyncio.run(self._database.rows(sql))

    def waiting(self) -> list[Path]:
        """The files that have not been disposed of."""
        return waiting_in(self.inbox)

    def in_flight(self) -> int:
        """How many versions have no outcome, or have theirs and were not disposed of."""
        (row,) = self.rows("SELECT count(*) AS n FROM files WHERE outcome IS NULL")
        return int(row["n"])


@contextmanager
def running(services: Services) -> Iterator[None]:
    services.start()
    try:
        yield
    finally:
        services.end()


async def put_files(load: Load, stopping: asyncio.Event) -> None:
    """Do what users do, until `stopping`."""
    while not stopping.is_set():
        await asyncio.to_thread(load.step)
        await asyncio.sleep(1 / ACTIONS_A_SECOND)


async def until_settled(services: Services, load: Load) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await asyncio.to_thread(is_settled, services, load):
        services.check()
        assert time.monotonic() < deadline, services.waiting()[:9]
        await asyncio.sleep(1.0)


def is_settled(services: Services, load: Load) -> bool:
    return settled(load, services) and not services.in_flight()


@pytest.mark.slow
@pytest.mark.timeout(0)
async def test_any_harm_to_any_service_loses_and_doubles_nothing(
    kafka: str, postgres_database: Database, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    minutes = pytestconfig.getoption("--minutes")
    chance = random.Random(int(minutes * 10))  # noqa: S311 -- no secret
    services = Services(tmp_path, kafka, postgres_database)
    load, stopping = Load(services.inbox, chance), asyncio.Event()
    with running(services):
        putting = asyncio.create_task(put_files(load, stopping))
        until = time.monotonic() + minutes * 60
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(0.5, 3.0))
            services.check()
            await services.harm(chance)
        stopping.set()
        await putting
        await until_settled(services, load)
    log = await read_log(kafka, topics(services.prefix, PARTITIONS), services.prefix)
    assert await asyncio.to_thread(verdict, load, services, log) == [], services.harms
