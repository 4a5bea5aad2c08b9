"""What the servers that tests run have in common: which way to one is taken, and what if none is.

For each kind of server a variable says the way: an address; `docker`; `local`, for one that the
tests start themselves. Without it, whatever is there is taken, in that order.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import closing
from typing import Final, NoReturn

import pytest

DEMAND: Final = "COPYDESK_TEST_DEMAND"
"""Where this variable is set, what is missing fails a test that would be skipped elsewhere."""


class NoServer(Exception):
    """There is no way to a server here; the words say how to get one."""


class Way:
    """How to come to a server of one kind."""

    def __init__(self, variable: str) -> None:
        given = os.environ.get(variable, "")
        self.address = None if given in ("", "docker", "local") else given
        self._given = given

    @property
    def docker(self) -> bool:
        """Whether it runs in Docker."""
        return self._given == "docker" or (not self._given and docker_answers())


def missing(reason: object) -> NoReturn:
    """Skip the test for `reason`, or fail it where nothing may be missing."""
    if os.environ.get(DEMAND):
        pytest.fail(f"{DEMAND} is set, and there is something missing: {reason}")
    pytest.skip(str(reason))


def docker_answers() -> bool:
    """Whether a Docker engine can be used."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    asked = subprocess.run([docker, "info"], capture_output=True, check=False)
    return asked.returncode == 0


def free_port() -> int:
    """A port of the loopback that nobody listens on at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
