"""A pipeline as a user runs it: `copydesk run` in a process of its own, watched from outside."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

COPYDESK = Path(sys.executable).with_name("copydesk")
EXAMPLES = Path(__file__).parents[1] / "examples"
SECOND = 1.0


def environment() -> dict[str, str]:
    """This process's, without settings of copydesk's."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")}


def copydesk(
    *args: str | Path, cwd: Path, seconds: float = 30 * SECOND
) -> subprocess.CompletedProcess[str]:
    """A `copydesk` command that has ended, in `cwd`, with what it said."""
    return subprocess.run(
        [COPYDESK, *args],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )


class Pipeline:
    """A pipeline in `home`: its inbox, its data, and at most one process at a time."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.inbox = home / "inbox"
        self.data = home / "data"
        self.options = options
        self.log = home / "log.jsonl"
        self.process: subprocess.Popen[bytes] | None = None
        self.inbox.mkdir(parents=True, exist_ok=True)

    def start(
        self, *program: str | Path, customized: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Start `copydesk run`, or `program` in its place; what it says goes to `log`.

        Every Python that it starts runs the sitecustomize.py in `customized` first.
        """
        command = [*(program or (COPYDESK,)), "run", "--port", "0", *self.options]
        env = environment() | ({"PYTHONPATH": str(customized)} if customized else {})
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.home, env=env, stdout=log, stderr=log)
        return self.process

    def kill(self) -> None:
        """kill -9, wherever it is."""
        self._signal(signal.SIGKILL)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it as a supervisor would; the exit status."""
        return self._signal(number)

    def _signal(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        try:
            return self.process.wait(30 * SECOND)
        finally:
            self.process.kill()
            self.process = None

    def until(self, condition: Callable[[], bool], what: str, seconds: float = 30 * SECOND) -> None:
        """Return when `condition` holds.

        Fails the test where `what` does not come within `seconds`, or the process ends before.
        """
        deadline = time.monotonic() + seconds
        while not condition():
            ended = self.process is not None and self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                how = "the process ended before" if ended else f"not after {seconds:g} s"
                pytest.fail(f"{what}: {how}; it said:\n{self.said()[-3000:]}")
            time.sleep(0.02)

    def said(self) -> str:
        """Everything that its processes have said so far."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[dict[str, Any]]:
        """What the storage answers; nothing where there is no storage yet."""
        path = self.data / "articles.db"
        if not path.exists():
            return []
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(sql, parameters)]
        except sqlite3.OperationalError:  # it is being made
            return []

    def outcomes(self) -> dict[str, int]:
        """How many versions had which outcome; those in flight under 'in flight'."""
        counts = self.rows("SELECT outcome, count(*) AS n FROM files GROUP BY outcome")
        return {row["outcome"] or "in flight": row["n"] for row in counts}

    def waiting(self) -> list[Path]:
        """The files that the pipeline has not disposed of."""
        return waiting_in(self.inbox)


def waiting_in(inbox: Path) -> list[Path]:
    """The files of an inbox that nobody has disposed of: in it, and in its staging."""
    disposed = ("done", "rejected", ".copydesk")
    return [
        path
        for path in files_below(inbox)
        if path.relative_to(inbox).parts[0] not in disposed
        or path.is_relative_to(inbox / ".copydesk" / "staging")
    ]


def files_below(folder: Path) -> Iterator[Path]:
    """The files in `folder` and below, while others may move them and remove their folders."""
    for root, _, names in os.walk(folder):  # it passes over a folder that is gone by now
        yield from filter(Path.is_file, (Path(root, name) for name in names))


@contextmanager
def running(home: Path, *options: str) -> Iterator[Pipeline]:
    """A pipeline that has started, and does not outlive the block."""
    pipeline = Pipeline(home, *options)
    pipeline.start()
    try:
        yield pipeline
    finally:
        if pipeline.process is not None:
            pipeline.kill()


def article(url: str, title: str, body: str = "The mayor spoke for an hour.") -> bytes:
    """A good article file."""
    return (
        f"<TITLE>{title}</TITLE>\n<PUBLISHED_DATE>2025-06-03</PUBLISHED_DATE>\n<URL>{url}</URL>\n"
        f"<AUTHOR>Nora Feld</AUTHOR>\n<SUMMARY>\n{title}.\n</SUMMARY>\n<HIGHLIGHTS>\n- {body}\n"
        f"</HIGHLIGHTS>\n<CONTENT>\n{body}\n\nNobody left the hall before the end.\n</CONTENT>\n"
    ).encode()


def status_of(port: int, path: str) -> int:
    """What the HTTP server of a service answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        connection.request("GET", path)
        return connection.getresponse().status
