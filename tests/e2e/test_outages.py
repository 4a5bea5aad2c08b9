"""A server that dies under the services' load, is away for a while, and comes back."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ROLES
from tests.kafka.broker import LocalBroker, local_broker
from tests.pipeline import COPYDESK, article, environment, status_of
from tests.postgres.database import Database, make
from tests.postgres.server import DURABLE, LocalServer, local_server
from tests.servers import NoServer, free_port, missing

AWAY_SECONDS = 20.0  # longer than a session of a group and than the timeout of a transaction
FILES = 40


class Desk:
    """The three services on servers of their own, which can be killed."""

    def __init__(self, home: Path, broker: LocalBroker, server: LocalServer) -> None:
        self.broker, self.server = broker, server
        self.inbox = home / "inbox"
        self.inbox.mkdir()
        self.ports = {role: free_port() for role in ROLES}
        self.dropped = 0
        self._home = home
        self._database: Database = asyncio.run(make(server.address))
        self.environment = environment() | {
            "COPYDESK_TRANSPORT": f"kafka://{broker.address}",
            "COPYDESK_STORE": self._database.address,
            "COPYDESK_INBOX": str(self.inbox),
            "COPYDESK_DATA": str(home / "data"),
        }

    def start(self) -> Iterator[subprocess.Popen[bytes]]:
        """Start them."""
        for role, port in self.ports.items():
            with (self._home / f"{role}.log").open("wb") as log:
                yield subprocess.Popen(
                    [COPYDESK, role, "--port", str(port)],
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                )

    def drop(self) -> None:
        """Another few files."""
        for number in range(self.dropped, self.dropped + FILES):
            url = f"https://news.example/{number}"
            (self.inbox / f"{number}.txt").write_bytes(article(url, f"Story {number}"))
        self.dropped += FILES

    def stored(self) -> int:
        """How many files are rows."""
        stored = "SELECT count(*) AS n FROM files WHERE outcome = 'stored'"
        return int(asyncio.run(self._database.rows(stored))[0]["n"])

    def said(self, role: str) -> list[dict[str, Any]]:
        """What a service has said so far."""
        lines = (self._home / f"{role}.log").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def waits(self, role: str) -> list[str]:
        """Which of a service's stages have said that they wait, each as often as it said so."""
        return sorted(line["stage"] for line in self.said(role) if line["event"] == "stage_waits")

    def ready(self, role: str) -> bool:
        """Whether a service says that it is."""
        try:
            return status_of(self.ports[role], "/readyz") == HTTPStatus.OK
        except ConnectionRefusedError:  # it is starting
            return False


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ExitStack() as stack:
        try:
            broker = stack.enter_context(local_broker(tmp_path / "kafka"))
            server = stack.enter_context(local_server(DURABLE))
        except NoServer as reason:
            missing(reason)
        desk = Desk(tmp_path, broker, server)
        for process in desk.start():
            stack.callback(process.wait)
            stack.callback(process.kill)
        yield desk


def until(condition: Callable[[], bool], what: str, desk: Desk, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, (what, {role: desk.said(role)[-9:] for role in ROLES})
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("what", ["broker", "database"])
def test_a_server_that_dies_is_waited_for_and_each_stage_says_so_once_at_each_end(
    desk: Desk, what: str
) -> None:
    kill, start = {
        "broker": (desk.broker.stop, desk.broker.start),
        "database": (desk.server.kill, desk.server.start),
    }[what]
    waiting = {"broker": ROLES, "database": ("sink",)}[what]
    until(lambda: all(map(desk.ready, ROLES)), "ready", desk)
    desk.drop()
    until(lambda: desk.stored() == FILES, "the first rows", desk)
    desk.drop()
    kill()
    until(lambda: all(map(desk.waits, waiting)), "words about it", desk)
    until(lambda: not any(map(desk.ready, waiting)), "not ready", desk)
    desk.drop()
    time.sleep(AWAY_SECONDS)
    start()
    desk.drop()
    until(lambda: desk.stored() == desk.dropped, "all rows", desk)
    until(lambda: all(map(desk.ready, ROLES)), "ready again", desk)
    for role in ROLES:
        said = desk.said(role)
        events = Counter((line["event"], line.get("stage")) for line in said)
        ends = {(event, stage): n for (event, stage), n in events.items() if "stage_" in event}
        assert set(ends.values()) <= {1}, ends
        assert {s for e, s in ends if e == "stage_waits"} == {
            s for e, s in ends if e == "stage_resumes"
        }
        assert bool(ends) == (role in waiting), said
        bad = [line for line in said if line["level"] not in {"info", "debug"}]
        assert {line["event"] for line in bad} <= {"stage_waits"}, bad
