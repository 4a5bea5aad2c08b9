"""Options of the whole suite, and the brokers that its parts share."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.kafka.broker import Broker, NoBroker, broker


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills", type=int, default=30, help="how often the crash test kills the pipeline"
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
    except NoBroker as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def kafka(kafka_broker: Broker) -> str:
    """The address of that broker."""
    return f"kafka://{kafka_broker.address}"
