"""Options of the whole suite, and the brokers that its parts share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kafka.broker import NoBroker, broker


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills", type=int, default=30, help="how often the crash test kills the pipeline"
    )


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Kafka broker for all tests; each uses names of its own there."""
    try:
        with broker(tmp_path_factory.mktemp("kafka")) as address:
            yield f"kafka://{address}"
    except NoBroker as reason:
        pytest.skip(str(reason))
