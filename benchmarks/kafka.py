"""The services as processes of their own over Kafka and PostgreSQL: one after the other, and all.

Broker and database share the machine with them. CPU is that of copydesk's processes alone.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks import corpus
from benchmarks.process import until, used
from benchmarks.producer import perf_test
from benchmarks.stages import Figures, Took
from tests.kafka.broker import broker
from tests.postgres import database
from tests.postgres.server import DURABLE, server
from tests.servers import free_port

LOOK_SECONDS = 1.0
"""Each look costs a service some milliseconds; when it was done is told by the service itself."""
COUNTERS = {
    "watcher": "copydesk_files_published_total",
    "parser": 'copydesk_records_total{outcome="parsed",stage="parser"}',
    "sink": 'copydesk_records_total{outcome="stored",stage="sink"}',
}
LAST = 'copydesk_last_progress_timestamp_seconds{{stage="{role}"}}'


class Desk:
    """A place of its own on the servers, and the processes that work on it."""

    def __init__(self, home: Path, kafka: str, postgres: str) -> None:
        self.inbox = Path(tempfile.mkdtemp(dir=home, prefix="inbox-"))
        self._log = home / "services.log"
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")
        } | {
            "COPYDESK_TRANSPORT": f"kafka://{kafka}",
            "COPYDESK_STORE": asyncio.run(database.make(postgres)).address,
            "COPYDESK_PREFIX": f"bench-{uuid.uuid4().hex[:8]}",
            "COPYDESK_INBOX": str(self.inbox),
            "COPYDESK_DATA": str(home / "data"),
            "COPYDESK_AFTER": "keep",
        }

    def topic(self, name: str) -> str:
        """What the topic of this name is called here."""
        return f"{self._environment['COPYDESK_PREFIX']}.{name}"

    @contextmanager
    def running(self, *roles: str) -> Iterator[Sequence[Service]]:
        """A process for each of `roles`, all ready."""
        program = Path(sys.executable).with_name("copydesk")
        with ExitStack() as stack:
            services = []
            for role in roles:
                log = stack.enter_context(self._log.open("ab"))
                port = free_port()
                environment = self._environment | {"COPYDESK_PORT": str(port)}
                process = subprocess.Popen([program, role], env=environment, stdout=log, stderr=log)
                stack.callback(process.wait, 60)
                stack.callback(process.terminate)
                services.append(Service(role, process.pid, port))
            until(lambda: all(service.ready() for service in services))
            yield services


class Service(NamedTuple):
    """A running process of a role, and where it tells its metrics."""

    role: str
    pid: int
    port: int

    def ready(self) -> bool:
        """Whether it can do its work."""
        try:
            self._page("readyz")
        except (urllib.error.URLError, ConnectionError):
            return False
        return True

    def done(self) -> float:
        """How many articles it has done."""
        return self._value(COUNTERS[self.role])

    def ended(self) -> float:
        """When it did the last of them, in seconds since the epoch."""
        return self._value(LAST.format(role=self.role))

    def _value(self, series: str) -> float:
        lines = [line.rpartition(" ") for line in self._page("metrics").splitlines()]
        (found,) = [value for name, _, value in lines if name == series]
        return float(found)

    def _page(self, path: str) -> str:
        url = f"http://127.0.0.1:{self.port}/{path}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            text: str = answer.read().decode()
            return text


def services(home: Path, files: int) -> Figures:
    """Folder to raw, raw to normalized by one parser and by two, normalized to rows; the chain.

    Beside folder to raw, in the same topic when all have read it: Kafka's own producer perf test.
    """
    with broker(home / "broker") as kafka, server(DURABLE) as postgres:
        alone, paired, chain = (Desk(home, kafka.address, postgres) for _ in range(3))
        watched = _watch(home, alone, files)
        parsed = _until(alone, ["parser"], files)
        stored = _until(alone, ["sink"], files)
        limit = perf_test(home, kafka.address, alone.topic("raw"), files)
        _watch(home, paired, files)
        by_two = _until(paired, ["parser", "parser"], files)
        whole = _chain(home, chain, files)
    one, two = parsed.figures("parse"), by_two.figures("two_parsers")
    ratio = two["two_parsers_cpu_us_per_article"] / one["parse_cpu_us_per_article"]
    return (
        watched.figures("watch")
        | limit
        | one
        | two
        | {"two_parsers_cpu_of_one": ratio}
        | stored.figures("store")
        | whole.figures("chain")
    )


class Did(NamedTuple):
    """How much was done, and what it took."""

    files: float
    took: Took

    def figures(self, name: str) -> Figures:
        """As articles a second and CPU microseconds an article."""
        return self.took.figures(name, self.files)


def _watch(home: Path, desk: Desk, files: int) -> Did:
    corpus.write(home / "corpus", files)
    with desk.running("watcher") as running:
        (home / "corpus").rename(desk.inbox / "corpus")
        return _measured(running, running, files)


def _until(desk: Desk, roles: Sequence[str], files: int) -> Did:
    """From when `roles` are ready, with some of it done, until they have done it all."""
    with desk.running(*roles) as running:
        return _measured(running, running, files)


def _chain(home: Path, desk: Desk, files: int) -> Did:
    corpus.write(home / "corpus", files)
    with desk.running("watcher", "parser", "sink") as running:
        (home / "corpus").rename(desk.inbox / "corpus")
        return _measured(running, running[-1:], files)


def _measured(running: Sequence[Service], counting: Sequence[Service], files: int) -> Did:
    """From now until those `counting` have done all `files`: what all that are running took."""

    def done() -> float:
        return sum(service.done() for service in counting)

    began, before, earlier = time.time(), _cpu(running), done()
    until(lambda: done() >= files, LOOK_SECONDS)
    ended = max(service.ended() for service in counting)
    return Did(files - earlier, Took(ended - began, _cpu(running) - before))


def _cpu(running: Sequence[Service]) -> float:
    return sum(used(one.pid).cpu_seconds for one in running)
