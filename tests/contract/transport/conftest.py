"""Every transport there is, each with what it guarantees beyond the contract."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple
from uuid import uuid4

import pytest

from copydesk.transport import open_transport
from copydesk.transport.api import Topic, Transport
from tests.contract.transport.names import FACTS, IN, OUT, WIDE
from tests.kafka.empty import empty

TOPICS: Final = (
    Topic(IN, 1, None, compacted=False, max_message_bytes=100_000),
    Topic(OUT, 1, None, compacted=False, max_message_bytes=1_000),
    Topic(FACTS, 1, None, compacted=True, max_message_bytes=1_000),
)

Open = Callable[[], AbstractAsyncContextManager[Transport]]
"""Opens the same log each time: what was committed before is there again."""


class Features(NamedTuple):
    """What a log has beyond the contract."""

    partitions: int
    """So many partitions has the topic `WIDE`."""
    markers: int
    """So many offsets at most lie behind the records of a transaction, with no record."""
    members: bool
    """A group may have several members at a time."""


class Backend(NamedTuple):
    open: Open
    features: Features


def sqlite(folder: Path) -> Backend:
    topics = (*TOPICS, Topic(WIDE, 1, None, compacted=False, max_message_bytes=100_000))
    return Backend(
        lambda: open_transport(f"sqlite:///{folder / 'log.db'}", topics),
        Features(partitions=1, markers=0, members=False),
    )


def kafka(address: str) -> Backend:
    features = Features(partitions=3, markers=1, members=True)
    wide = Topic(WIDE, features.partitions, None, compacted=False, max_message_bytes=100_000)
    topics, prefix = (*TOPICS, wide), uuid4().hex

    @asynccontextmanager
    async def opened() -> AsyncIterator[Transport]:
        async with open_transport(address, topics, prefix=prefix) as log:
            yield log

    async def prepare() -> None:
        async with opened() as log:
            await log.ensure(topics)
        await empty(address, (IN, OUT, WIDE))

    asyncio.run(prepare())
    return Backend(opened, features)


@pytest.fixture(params=["sqlite", "kafka"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    if request.param == "sqlite":
        return sqlite(tmp_path)
    return kafka(request.getfixturevalue("kafka"))


@pytest.fixture
def open_log(backend: Backend) -> Open:
    return backend.open


@pytest.fixture
def features(backend: Backend) -> Features:
    return backend.features
