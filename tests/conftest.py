"""Options of the whole suite, and the servers that its parts share."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import pytest

from tests.kafka.broker import Broker, broker
from tests.postgres import database
from tests.postgres.server import server
from tests.servers import NoServer, missing


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills", type=int, default=30, help="how often the crash test kills the pipeline"
    )
    parser.addoption(
        "--minutes", type=float, default=1.0, help="how long the crash test harms the services"
    )


def pytest_configure() -> None:
    """Let Ctrl-C reach what the tests start, also where a shell has us in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A Kafka broker for all tests; each uses names of its own there."""
    try:
        with broker(tmp_path_factory.mktemp("kafka")) as made:
            yield made
    except NoServer as reason:
        missing(reason)


@pytest.fixture(scope="session")
def kafka(kafka_broker: Broker) -> str:
    """The address of that broker."""
    return f"kafka://{kafka_broker.address}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server for all tests."""
    try:
        with server() as address:
            yield address
    except NoServer as reason:
        missing(reason)


@pytest.fixture
def postgres_database(postgres: str) -> Iterator[database.Database]:
    """An empty database of the test's own."""
    made = asyncio.run(database.make(postgres))
    yield made
    asyncio.run(database.drop(made, postgres))
