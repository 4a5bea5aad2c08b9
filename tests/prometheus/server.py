"""A real Prometheus with the rules of deploy/, whose clock runs fast enough for a test."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.servers import NoServer, free_port

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
RULES: Final = ("rules.yml", "alerts.yml")

WINDOWS: Final = {"2m": 6, "5m": 8, "10m": 8, "15m": 8, "30m": 10, "1h": 10, "6h": 12}
"""Seconds that the rules' windows become: scraped each second, a test sees alerts come and go."""
WAIT: Final = 2
"""What each alert's `for` becomes."""
SMALLER: Final = {
    "> 60": "> 4",  # seconds
    "> 1000": "> 30",  # records
    "0.25 *": "0.000001 *",  # of 30 days' retention
    'le="5.0"': 'le="2.5"',
}
"""What their bounds become, so that seconds of trouble do for minutes of it."""


def program(name: str, variable: str) -> str:
    """The path of `name`, one of Prometheus's programs. Raises NoServer."""
    path = os.environ.get(variable) or shutil.which(name)
    if not path:
        raise NoServer(
            f"no {name}: set {variable} to it, or install it (apt-get install prometheus)"
        )
    return path


def hurried(text: str) -> str:
    """Rules as they are in deploy/, but for WINDOWS, WAIT and SMALLER."""
    for large, small in SMALLER.items():
        text = text.replace(large, small)

    text = re.sub(r"for: \w+", f"for: {WAIT}s", text)
    return re.sub(r"\[(\w+)\]", lambda found: f"[{WINDOWS[found[1]]}s]", text)


class Prometheus:
    """A running one, at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The instant vector that `expression` is now."""
        asked = urllib.parse.urlencode({"query": expression})
        found: list[dict[str, Any]] = self._ask(f"query?{asked}")["result"]
        return found

    def over(self, expression: str, seconds: float) -> list[dict[str, Any]]:
        """The series of `expression` over the last `seconds`."""
        now = time.time()
        asked = urllib.parse.urlencode(
            {"query": expression, "start": now - seconds, "end": now, "step": 1}
        )
        found: list[dict[str, Any]] = self._ask(f"query_range?{asked}")["result"]
        return found

    def firing(self) -> set[str]:
        """The names of the alerts that fire."""
        alerts = self._ask("alerts")["alerts"]
        return {one["labels"]["alertname"] for one in alerts if one["state"] == "firing"}

    def until(self, condition: Callable[[], object], what: str, seconds: float = 60) -> None:
        """Return when `condition` holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"no {what}; firing: {self.firing()}"
            time.sleep(0.2)

    def until_fires(self, *names: str) -> None:
        """Return when alerts of these names fire."""
        self.until(lambda: self.firing() >= set(names), f"alert {names}")

    def until_silent(self, *names: str) -> None:
        """Return when none of these fire."""
        self.until(lambda: not self.firing() & set(names), f"end of {names}")

    def _ask(self, path: str) -> dict[str, Any]:
        with _opened(f"{self.address}/api/v1/{path}") as answer:
            data: dict[str, Any] = json.load(answer)["data"]
        return data


@contextmanager
def prometheus(home: Path, targets: Mapping[str, str]) -> Iterator[Prometheus]:
    """A Prometheus that scrapes `targets` (address by instance) each second. Raises NoServer."""
    binary = program("prometheus", "PROMETHEUS_BIN")
    home.mkdir()
    for name in RULES:
        (home / name).write_text(hurried((DEPLOY / "prometheus" / name).read_text("utf-8")))
    scraped = {
        "job_name": "copydesk",
        "static_configs": [
            {"targets": [address], "labels": {"instance": instance}}
            for instance, address in targets.items()
        ],
    }
    times = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    config = {"global": times, "rule_files": list(RULES), "scrape_configs": [scraped]}
    (home / "prometheus.yml").write_text(json.dumps(config))  # JSON is YAML
    port = free_port()
    command = [
        binary,
        f"--config.file={home / 'prometheus.yml'}",
        f"--storage.tsdb.path={home / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (home / "log").open("wb") as log, _ended(command, log.fileno()) as process:
        made = Prometheus(f"http://127.0.0.1:{port}")
        _until_up(made, process, home / "log")
        yield made


@contextmanager
def _ended(command: Sequence[str], log: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _until_up(made: Prometheus, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        try:
            with _opened(f"{made.address}/-/ready"):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)


def _opened(url: str) -> http.client.HTTPResponse:
    opened: http.client.HTTPResponse = urllib.request.urlopen(url, timeout=10)  # noqa: S310 -- ours
    return opened
