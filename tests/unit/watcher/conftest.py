"""Watchers on a folder of the test's own, ended with the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from copydesk.transport.api import Transport
from copydesk.transport.sqlite import open_log
from tests.unit.watcher.desk import TOPICS, Desk


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[Transport]:
    async with open_log(tmp_path / "log.db", TOPICS) as opened:
        yield opened


@pytest.fixture
async def make_desk(tmp_path: Path, log: Transport) -> AsyncIterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(**options: Any) -> Desk:
        desks.append(Desk(tmp_path, log, **options))
        return desks[-1]

    yield make
    for desk in desks:
        await desk.stop()


@pytest.fixture
async def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A watcher that runs, with the defaults."""
    made = make_desk()
    await made.start()
    return made
