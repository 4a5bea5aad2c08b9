"""The image, built once from the sources as they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deploy.engine import IMAGE, docker
from tests.servers import docker_answers, missing


@pytest.fixture(scope="session")
def image() -> Iterator[str]:
    """The image's tag. Skips the test where there is no Docker."""
    if not docker_answers():
        missing("no Docker engine answers `docker info`: start one")
    docker("build", "--file", "deploy/Dockerfile", "--tag", IMAGE, ".", seconds=600)
    yield IMAGE
    docker("rmi", IMAGE)
