"""A `copydesk run` to be measured, and what a process of Linux's has used so far."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
PATIENCE_SECONDS = 1_200.0


class Used(NamedTuple):
    """What a process and its children have used: CPU seconds, and the most memory that each ever
    held, added up, in MB of 10^6.
    """

    cpu_seconds: float
    peak_rss_mb: float


def used(pid: int) -> Used:
    """What the running process `pid` and its children have used so far."""
    home = Path(f"/proc/{pid}")
    times = (home / "stat").read_text().rpartition(")")[2].split()
    peak_kib = int((home / "status").read_text().partition("VmHWM:")[2].split()[0])
    children = " ".join(path.read_text() for path in home.glob("task/*/children")).split()
    below = [used(int(child)) for child in children]
    return Used(
        (int(times[11]) + int(times[12])) / TICKS_A_SECOND + sum(one.cpu_seconds for one in below),
        peak_kib * 1024 / 1e6 + sum(one.peak_rss_mb for one in below),
    )


def until(condition: Callable[[], bool], pause: float = 0.05) -> None:
    """Return when `condition` holds. Raises TimeoutError when it does not come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(pause)


class Copydesk(NamedTuple):
    """A running `copydesk run` in the folder `home`."""

    home: Path
    pid: int
    ready_seconds: float
    """From its start until it said that it is ready."""

    @property
    def inbox(self) -> Path:
        """The folder that it watches."""
        return self.home / "inbox"

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """What the storage answers."""
        uri = f"{(self.home / 'data' / 'articles.db').as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return connection.execute(sql).fetchall()

    def settled(self) -> int:
        """How many versions have their outcome."""
        ((count,),) = self.ask("SELECT count(*) FROM files WHERE outcome IS NOT NULL")
        assert isinstance(count, int)
        return count


@contextmanager
def copydesk(home: Path, *options: str) -> Iterator[Copydesk]:
    """`copydesk run` in `home`, ready; ended as a supervisor ends it."""
    (home / "inbox").mkdir(parents=True, exist_ok=True)
    port = _free_port()
    program = str(Path(sys.executable).with_name("copydesk"))
    command = [program, "run", "--port", str(port), *options]
    with (home / "log.jsonl").open("ab") as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=home, stdout=log, stderr=log)
        try:
            until(lambda: _ready(port, process), 0.02)
            yield Copydesk(home, process.pid, time.perf_counter() - began)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _ready(port: int, process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"copydesk run ended with status {process.returncode}")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False
