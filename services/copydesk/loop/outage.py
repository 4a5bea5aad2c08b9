"""Waiting: for what a stage needs to work again, and for the signal to stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

from copydesk.telemetry.occurrences import Telemetry

T = TypeVar("T")

BACKOFF_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""How long a stage waits after each failure in a row; the last holds for all that follow."""


class Outage:
    """From the first failure of something a stage needs until it works again."""

    def __init__(self, stage: str, telemetry: Telemetry, stopping: asyncio.Event) -> None:
        self._stage = stage
        self._telemetry = telemetry
        self._stopping = stopping
        self._began: float | None = None
        self._failures = 0

    async def wait(self, error: Exception) -> None:
        """Tell of `error`, and wait as long as the failures in a row demand."""
        if self._began is None:
            self._began = time.monotonic()
        self._telemetry.stage_waits(self._stage, str(error))
        pause = BACKOFF_SECONDS[min(self._failures, len(BACKOFF_SECONDS) - 1)]
        self._failures += 1
        await unless(self._stopping, asyncio.sleep(pause))

    def over(self) -> None:
        """It works again, or still."""
        began, self._began, self._failures = self._began, None, 0
        self._telemetry.stage_resumes(
            self._stage, 0.0 if began is None else time.monotonic() - began
        )


async def unless(stopping: asyncio.Event, work: Awaitable[T]) -> T | None:
    """What `work` returns, or None when `stopping` comes first; `work` is cancelled then."""
    working = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait((working, stop), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, stop):
            task.cancel()
        await asyncio.wait((working, stop))
