"""The Docker engine as a person at a terminal uses it."""

from __future__ import annotations

import os
import subprocess
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TAG: Final = f"tested-{uuid.uuid4().hex[:8]}"
IMAGE: Final = f"copydesk:{TAG}"
"""This run's own: others may be under way on the same engine."""
BASE: Final = "python:3.13-slim"
OURSELVES: Final = os.getuid() or 1000
"""Whose the files are that tests drop; a container that runs as root would prove little."""


def docker(
    *words: str | Path, environ: Mapping[str, str] | None = None, seconds: float = 300
) -> str:
    """What `docker WORDS…` writes, said in the repository."""
    return said_by("docker", *words, environ=environ, seconds=seconds)


def said_by(
    *command: str | Path,
    environ: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    seconds: float = 300,
) -> str:
    """What `command` writes; where it fails, the test fails with all that it said."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environ or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{done.args}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


def logs(container: str) -> str:
    """All that it has said."""
    asked = ["docker", "logs", container]
    return subprocess.run(
        asked,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
    ).stdout


def until(condition: Callable[[], bool], said: Callable[[], str], seconds: float) -> None:
    """Return when `condition` holds; fail with what `said` tells where it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not after {seconds:g} s; it said:\n{said()}"
        time.sleep(0.2)


def folder(path: Path) -> Path:
    """A new folder that the containers' user may write."""
    path.mkdir()
    os.chown(path, OURSELVES, OURSELVES)
    return path
