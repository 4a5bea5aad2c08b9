"""A Kafka broker for the tests, by whatever is there.

COPYDESK_TEST_KAFKA chooses (see `servers.py`); `local` is Java and Maven, which copy its jars into
a cache once (45 MB) and run them here. In Docker it is `apache/kafka`.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from tests.servers import NoServer, Way, free_port

VARIABLE: Final = "COPYDESK_TEST_KAFKA"
VERSION: Final = "4.3.1"
START_SECONDS: Final = 90
POM: Final = Path(__file__).with_name("pom.xml")
CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "copydesk"
MAVEN: Final = ("mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies")
JAVA_OPTIONS: Final = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
HERE: Final = "127.0.0.1"
NONE: Final[Mapping[str, str]] = {}
CLUSTER: Final = "Y29weWRlc2stdGVzdHMtMQ"  # 16 bytes in base64, as Kafka wants them

SETTINGS: Final = {
    "offsets.topic.num.partitions": "3",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.num.partitions": "3",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
    "group.initial.rebalance.delay.ms": "0",
    "log.cleaner.dedupe.buffer.size": "20000000",
}
"""One broker alone, quick to start, that looks for transactions past their time each second."""


class Broker(NamedTuple):
    """A broker. `process` is the handle on one that runs here and can be killed and frozen."""

    address: str
    process: LocalBroker | None = None


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    """A broker, which ends with the context; it keeps its files in `folder`. Raises NoServer."""
    way = Way(VARIABLE)
    if way.address:
        yield Broker(way.address)
    elif way.docker:
        with _container() as address:
            yield Broker(address)
    else:
        with local_broker(folder) as local:
            yield Broker(local.address, local)


@contextmanager
def local_broker(folder: Path, **options: Mapping[str, str]) -> Iterator[LocalBroker]:
    """A broker in a process of ours with these options, started. Raises NoServer."""
    local = LocalBroker(folder, **options)
    local.start()
    try:
        yield local
    finally:
        local.stop()


class LocalBroker:
    """A broker in a process of ours, that can be killed, frozen and started again."""

    def __init__(
        self,
        folder: Path,
        listeners: Mapping[str, str] = NONE,
        settings: Mapping[str, str] = NONE,
        users: Mapping[str, str] = NONE,
    ) -> None:
        """Beside its plain listener it has `listeners`, by name with the protocol of each.

        `users` are let in where SCRAM is spoken, by name with their passwords.
        """
        self._folder = folder
        self._settings = settings
        self._users = users
        self._protocols = {"PLAINTEXT": "PLAINTEXT", **listeners, "CONTROLLER": "PLAINTEXT"}
        self._ports = {name: free_port() for name in self._protocols}
        self._process: subprocess.Popen[bytes] | None = None
        self.address = self.at("PLAINTEXT")

    def at(self, listener: str) -> str:
        """The address of a listener."""
        return f"{HERE}:{self._ports[listener]}"

    def start(self) -> None:
        """Start it, on the same port and with the same data each time; return once it answers."""
        classpath = f"{jars()}/*"
        configuration = self._folder / "server.properties"
        if not configuration.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            configuration.write_text(self._configuration())
            storage = ("kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c")
            scram = [
                f"--add-scram={kind}=[name={name},password={password}]"
                for name, password in self._users.items()
                for kind in ("SCRAM-SHA-256", "SCRAM-SHA-512")
            ]
            subprocess.run(
                ["java", "-cp", classpath, *storage, str(configuration), *scram],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        with (self._folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                ["java", *JAVA_OPTIONS, "-cp", classpath, "kafka.Kafka", str(configuration)],
                stdout=output,
                stderr=output,
            )
        self._wait()

    def _configuration(self) -> str:
        listeners = {name: f"{name}://{self.at(name)}" for name in self._ports}
        advertised = [listeners[name] for name in listeners if name != "CONTROLLER"]
        protocols = (f"{name}:{protocol}" for name, protocol in self._protocols.items())
        settings = SETTINGS | {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{self.at('CONTROLLER')}",
            "listeners": ",".join(listeners.values()),
            "advertised.listeners": ",".join(advertised),
            "listener.security.protocol.map": ",".join(protocols),
            "inter.broker.listener.name": "PLAINTEXT",
            "controller.listener.names": "CONTROLLER",
            "log.dirs": str(self._folder / "data"),
            **self._settings,
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.address):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                said = (self._folder / "output").read_text("utf-8", "replace")[-2000:]
                raise RuntimeError(f"the broker did not start; it said:\n{said}")
            time.sleep(0.1)

    def send_signal(self, number: signal.Signals) -> None:
        """SIGSTOP freezes it, SIGCONT wakes it."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> None:
        """Kill it at once; its data stay."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def _container() -> Iterator[str]:
    from testcontainers.core.container import (  # noqa: PLC0415 -- only where there is Docker
        DockerContainer,
    )
    from testcontainers.core.wait_strategies import (  # noqa: PLC0415
        LogMessageWaitStrategy,
    )

    port = free_port()
    settings = SETTINGS | {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": "1@localhost:9093",
        # the broker's own traffic needs a listener that it reaches by the advertised address
        "listeners": "PLAINTEXT://:9092,BROKER://:9094,CONTROLLER://:9093",
        "advertised.listeners": f"PLAINTEXT://localhost:{port},BROKER://localhost:9094",
        "listener.security.protocol.map": ",".join(
            f"{name}:PLAINTEXT" for name in ("PLAINTEXT", "BROKER", "CONTROLLER")
        ),
        "inter.broker.listener.name": "BROKER",
        "controller.listener.names": "CONTROLLER",
    }
    container = DockerContainer(f"apache/kafka:{VERSION}").with_bind_ports(9092, port)
    for name, value in settings.items():
        container.with_env("KAFKA_" + name.upper().replace(".", "_"), value)
    started = LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(START_SECONDS)
    with container.waiting_for(started):
        yield f"localhost:{port}"


def jars() -> Path:
    """The folder with the broker's jars; Maven fills it the first time. Raises NoServer."""
    if not (shutil.which("java") and shutil.which("mvn")):
        raise NoServer(
            f"no Kafka: install Java and Maven (or, for most tests, set {VARIABLE}=host:9092, or"
            " start Docker)"
        )
    folder = CACHE / f"kafka-{VERSION}-{sha256(POM.read_bytes()).hexdigest()[:8]}"
    if not folder.exists():
        fresh = folder.with_suffix(f".{os.getpid()}")
        subprocess.run(
            [*MAVEN, f"-Dkafka.version={VERSION}", f"-DoutputDirectory={fresh}"],
            check=True,
        )
        try:
            fresh.rename(folder)
        except OSError:  # another run was faster
            shutil.rmtree(fresh)
    return folder


def _answers(address: str) -> bool:
    """Whether the broker at `address` answers ApiVersions, as it does once it is started."""
    host, _, port = address.partition(":")
    request = bytes.fromhex("0000000a 0012 0000 00000001 ffff".replace(" ", ""))
    try:
        with closing(socket.create_connection((host, int(port)), 1)) as connection:
            connection.settimeout(2)
            connection.sendall(request)
            return len(connection.recv(8)) > 0
    except OSError:
        return False
