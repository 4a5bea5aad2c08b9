"""Options of the whole suite, and the servers that its parts share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.postgres import database
from tests.postgres.server import NoServer, server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills", type=int, default=30, help="how often the crash test kills the pipeline"
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server for all tests."""
    try:
        with server() as address:
            yield address
    except NoServer as reason:
        pytest.skip(str(reason))


@pytest.fixture
def postgres_database(postgres: str) -> Iterator[database.Database]:
    """An empty database of the test's own."""
    made = asyncio.run(database.make(postgres))
    yield made
    asyncio.run(database.drop(made, postgres))
