"""Measuring how far the stages are behind, from the side that writes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, NamedTuple

from copydesk.telemetry.occurrences import Telemetry
from copydesk.transport.api import Transport, TransportError

EVERY_SECONDS: Final = 2.0
"""Between two measurements; a measurement costs a query for each reader."""


class Reader(NamedTuple):
    """A stage that reads a topic as a group."""

    stage: str
    topic: str
    group: str


async def measure_lag(
    transport: Transport, readers: Sequence[Reader], telemetry: Telemetry, stopping: asyncio.Event
) -> None:
    """Measure every reader's lag until `stopping` is set.

    While the log is away the last figures stand: its stages say that they wait.
    """
    while not stopping.is_set():
        for stage, topic, group in readers:
            try:
                telemetry.lag_measured(stage, topic, await transport.lag(topic, group))
            except TransportError:
                break
        telemetry.time_passes()
        try:
            async with asyncio.timeout(EVERY_SECONDS):
                await stopping.wait()
        except TimeoutError:
            continue
