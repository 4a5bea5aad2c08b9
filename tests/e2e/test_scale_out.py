"""The same services as processes of their own, over Kafka and PostgreSQL."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.e2e.conftest import take_the_examples
from tests.pipeline import COPYDESK


def status(where: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [COPYDESK, "status", "--json"], env=where, capture_output=True, check=False, timeout=60
    )
    found: dict[str, Any] = json.loads(done.stdout) if done.stdout else {}
    return found


def test_three_processes_bring_files_to_rows(
    where: dict[str, str], services: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    take_the_examples(services, tmp_path)
    assert (inbox / "rejected" / "4-broken.txt.error.json").exists()
    found = status(where)
    # The correction may overtake what it corrects, on another partition: it wins all the same.
    assert found["seen"] == 4, found
    assert set(found["in_flight"].values()) == {0}, found
    titles = subprocess.run(
        [COPYDESK, "trace", "3-ferries-corrected.txt"],
        env=where,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    assert "the present state" in titles, titles
