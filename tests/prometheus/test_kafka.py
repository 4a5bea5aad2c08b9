"""The same over Kafka and PostgreSQL: each process shows its part, also while another is away."""

from __future__ import annotations

import signal
import subprocess
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from tests.kafka.broker import Broker, LocalBroker
from tests.pipeline import COPYDESK, article, environment
from tests.postgres.server import LocalServer, local_server
from tests.prometheus.panels import NONE_ON_KAFKA, has_data, queries
from tests.prometheus.server import Prometheus, prometheus
from tests.servers import NoServer, free_port, missing

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

ROLES: Final = ("watcher", "parser", "sink")
PATIENCE: Final = 120.0
"""Seconds: clients notice a broker that is away, or back, by timeouts of their own."""


class Services:
    """A process for each role, the servers that they use, and the Prometheus that scrapes them."""

    def __init__(self, home: Path, broker: LocalBroker, database: LocalServer) -> None:
        self.broker, self.database = broker, database
        self.inbox = home / "inbox"
        self.inbox.mkdir()
        self.ports = {role: free_port() for role in ROLES}
        self._home = home
        self._environment = environment() | {
            "COPYDESK_TRANSPORT": f"kafka://{broker.address}",
            "COPYDESK_STORE": database.address,
            "COPYDESK_PREFIX": f"desk-{uuid.uuid4().hex[:8]}",
            "COPYDESK_INBOX": str(self.inbox),
            "COPYDESK_DATA": str(home / "data"),
            "COPYDESK_SCAN_SECONDS": "1",
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._numbers = count()

    def start(self, role: str) -> None:
        """Start a role's process."""
        with (self._home / f"{role}.log").open("ab") as log:
            self._running[role] = subprocess.Popen(
                [COPYDESK, role],
                env=self._environment | {"COPYDESK_PORT": str(self.ports[role])},
                stdout=log,
                stderr=log,
            )

    def kill(self, role: str) -> None:
        """kill -9."""
        process = self._running.pop(role)
        process.kill()
        process.wait(30)

    def kill_all(self) -> None:
        """All of them."""
        for role in [*self._running]:
            self.kill(role)

    @contextmanager
    def load(self, a_second: float = 15) -> Iterator[None]:
        """Good files, so many a second, while the block runs."""
        over = threading.Event()

        def feed() -> None:
            while not over.wait(1 / a_second):
                number = next(self._numbers)
                path = self.inbox / f"{number:06}.txt"
                path.write_bytes(article(f"https://news.example/{number}", f"Title {number}"))

        feeding = threading.Thread(target=feed)
        feeding.start()
        try:
            yield
        finally:
            over.set()
            feeding.join()


@pytest.fixture(scope="module")
def services(
    kafka_broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Services, Prometheus]]:
    if kafka_broker.process is None:
        missing("only a broker that the tests run themselves (local) can be frozen")
    home = tmp_path_factory.mktemp("services")
    with ExitStack() as stack:
        try:
            database = stack.enter_context(local_server())
            made = Services(home, kafka_broker.process, database)
            targets = {role: f"127.0.0.1:{port}" for role, port in made.ports.items()}
            watching = stack.enter_context(prometheus(home / "prometheus", targets))
        except NoServer as reason:
            missing(reason)
        stack.callback(made.kill_all)
        for role in ROLES:
            made.start(role)
        all_ready = "sum(copydesk_stage_ready) == 5 and sum(up) == 3"
        watching.until(lambda: bool(watching.query(all_ready)), "ready services", PATIENCE)
        yield made, watching


Watched = tuple[Services, Prometheus]


def test_every_query_of_every_panel_has_data_under_load(services: Watched) -> None:
    desk, watching = services

    def empty() -> list[tuple[str, str, str]]:
        return [
            query[:3]
            for query in queries()
            if query.panel not in NONE_ON_KAFKA and not has_data(watching.query(query.expression))
        ]

    with desk.load():
        (desk.inbox / "bad.txt").write_text("no tags at all")
        watching.until(lambda: not empty(), f"data for {empty()}")
        watching.until(lambda: bool(watching.query("copydesk:outcomes:rate5m > 5")), "flow")
    watching.until(lambda: not watching.firing(), "silence")


def test_a_killed_parser_shows_by_the_lag_that_the_watcher_measures(services: Watched) -> None:
    desk, watching = services
    alerts = ("ServiceDown", "StageStands", "LagGrows", "LagNearRetention", "FilesInFlightTooLong")
    with desk.load():
        desk.kill("parser")
        watching.until_fires(*alerts)
        desk.start("parser")
        watching.until(lambda: not watching.firing() & set(alerts), f"end of {alerts}", PATIENCE)


@pytest.mark.parametrize("away", ["broker", "database"])
def test_a_server_that_is_away_shows_in_the_stages_that_need_it(
    services: Watched, away: str
) -> None:
    desk, watching = services
    with desk.load():
        if away == "broker":
            desk.broker.send_signal(signal.SIGSTOP)
        else:
            desk.database.stop()
        try:
            watching.until(lambda: "StageNotReady" in watching.firing(), "StageNotReady", PATIENCE)
            waiting = {
                one["metric"]["stage"] for one in watching.query("copydesk_stage_ready == 0")
            }
        finally:
            if away == "broker":
                desk.broker.send_signal(signal.SIGCONT)
            else:
                desk.database.start()
        assert ("sink" in waiting) if away == "database" else waiting
        watching.until(
            lambda: "StageNotReady" not in watching.firing(), "end of StageNotReady", PATIENCE
        )
        watching.until(lambda: bool(watching.query("copydesk:outcomes:rate5m > 1")), "flow", 60)
