"""A pipeline of three processes over the servers that all tests share."""

from __future__ import annotations

import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.pipeline import COPYDESK, EXAMPLES, environment, files_below
from tests.postgres.database import Database

ROLES = ("watcher", "parser", "sink")


@pytest.fixture
def where(kafka: str, postgres_database: Database, tmp_path: Path) -> dict[str, str]:
    """The environment of a pipeline of its own on the shared servers."""
    return environment() | {
        "COPYDESK_TRANSPORT": kafka,
        "COPYDESK_STORE": postgres_database.address,
        "COPYDESK_PREFIX": f"desk-{uuid.uuid4().hex[:8]}",
        "COPYDESK_INBOX": str(tmp_path / "inbox"),
        "COPYDESK_DATA": str(tmp_path / "data"),
        "COPYDESK_PORT": "0",
    }


@pytest.fixture
def services(where: dict[str, str], tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A process for each role. All must end cleanly."""
    with ExitStack() as stack:
        running = []
        for role in ROLES:
            log = stack.enter_context((tmp_path / f"{role}.log").open("wb"))
            process = subprocess.Popen([COPYDESK, role], env=where, stdout=log, stderr=log)
            running.append(process)
            stack.callback(process.kill)
        yield running
        for process in running:
            process.terminate()
        assert [process.wait(40) for process in running] == [0, 0, 0]


def take_the_examples(services: list[subprocess.Popen[bytes]], home: Path) -> None:
    """Drop the examples, and return when each good one is in done/."""
    inbox = home / "inbox"
    deadline = time.monotonic() + 90
    while not inbox.exists():
        assert time.monotonic() < deadline, (home / "watcher.log").read_text()
        time.sleep(0.05)
    for example in sorted(EXAMPLES.iterdir()):
        (inbox / example.name).write_bytes(example.read_bytes())
    moved = {f"done/{e.name}" for e in EXAMPLES.iterdir() if "broken" not in e.name}
    while not moved <= {str(path.relative_to(inbox)) for path in files_below(inbox)}:
        said = "".join(path.read_text() for path in home.glob("*.log"))
        assert time.monotonic() < deadline, said
        assert [process.poll() for process in services] == [None] * 3, said
        time.sleep(0.05)
