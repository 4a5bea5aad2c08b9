"""Every transport there is, each with what it guarantees beyond the contract."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from copydesk.transport import open_transport
from copydesk.transport.api import Topic, Transport

TOPICS = (
    Topic("in", 1, None, compacted=False, max_message_bytes=100_000),
    Topic("out", 1, None, compacted=False, max_message_bytes=1_000),
    Topic("facts", 1, None, compacted=True, max_message_bytes=1_000),
)

Open = Callable[[], AbstractAsyncContextManager[Transport]]
"""Opens the same log each time: what was committed before is there again."""


@pytest.fixture(params=["sqlite"])
def open_log(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    return lambda: open_transport(f"sqlite:///{tmp_path / 'log.db'}", TOPICS)
