"""Lag is measured again and again, and an outage of the log does not end that."""

from __future__ import annotations

import asyncio

import pytest
import structlog
from prometheus_client import CollectorRegistry

from copydesk.telemetry import lag
from copydesk.telemetry.occurrences import Telemetry
from copydesk.transport.api import Lag, TransportError


class Log:
    """As much of a transport as is needed here: it fails once, then lag falls."""

    def __init__(self, stopping: asyncio.Event) -> None:
        self._answers: list[Lag | TransportError] = [
            TransportError("away"),
            Lag(9, 4.0, {}),
            Lag(0, 0.0, {}),
        ]
        self._stopping = stopping

    async def lag(self, _topic: str, _group: str) -> Lag:
        answer = self._answers.pop(0)
        if not self._answers:
            self._stopping.set()
        if isinstance(answer, TransportError):
            raise answer
        return answer


async def test_lag_is_measured_until_the_end_through_an_outage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lag, "EVERY_SECONDS", 0.001)
    stopping = asyncio.Event()
    telemetry = Telemetry(CollectorRegistry(), structlog.get_logger())
    readers = [lag.Reader("parser", "articles.raw", "parser")]
    async with asyncio.timeout(5):
        await lag.measure_lag(Log(stopping), readers, telemetry, stopping)  # type: ignore[arg-type]
    assert telemetry.snapshot().lag == {"parser": Lag(0, 0.0, {})}
