"""What has to be asked for again and again: lag, what is in flight, sizes, and room on disks."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from copydesk.errors import Unavailable
from copydesk.telemetry.metrics import Folder
from copydesk.telemetry.occurrences import Telemetry
from copydesk.transport.api import Topic, Transport, TransportError
from copydesk_schemas.times import from_text

EVERY_SECONDS: Final = 2.0
"""Between two measurements; lag costs a query for each reader, all else one or two."""

Measurement = Callable[[], Awaitable[None]]


class Reader(NamedTuple):
    """A stage that reads a topic as a group."""

    stage: str
    topic: str
    group: str


async def keep_measuring(
    measurements: Sequence[Measurement], telemetry: Telemetry, stopping: asyncio.Event
) -> None:
    """Measure until `stopping` is set.

    While the log or the storage is away the last figures stand: its stages say that they wait.
    """
    while not stopping.is_set():
        for measure in measurements:
            with suppress(TransportError, Unavailable, OSError):
                await measure()
        telemetry.time_passes()
        with suppress(TimeoutError):
            async with asyncio.timeout(EVERY_SECONDS):
                await stopping.wait()


def lag_of(transport: Transport, readers: Sequence[Reader], telemetry: Telemetry) -> Measurement:
    """How far each of `readers` is behind, seen from the side that writes."""

    async def measure() -> None:
        for stage, topic, group in readers:
            telemetry.lag_measured(stage, topic, await transport.lag(topic, group))

    return measure


def sizes_of(transport: Transport, topics: Iterable[Topic], telemetry: Telemetry) -> Measurement:
    """How much each of `topics` holds, and how long it keeps that."""

    async def measure() -> None:
        for topic in topics:
            size = await transport.size(topic.name)
            telemetry.topic_measured(topic.name, size, topic.retention)

    return measure


def in_flight_of(
    ask: Callable[[], Awaitable[tuple[int, str | None]]], telemetry: Telemetry
) -> Measurement:
    """How many versions `ask` says are in flight, and how old the oldest is by its time."""

    async def measure() -> None:
        files, oldest = await ask()
        seconds = 0.0 if oldest is None else max(0.0, time.time() - from_text(oldest) / 1e6)
        telemetry.in_flight_measured(files, seconds)

    return measure


def room_of(folders: Mapping[Folder, str], telemetry: Telemetry) -> Measurement:
    """What the disks of `folders` hold, and what we may yet write there."""

    async def measure() -> None:
        for folder, path in folders.items():
            disk = await asyncio.to_thread(os.statvfs, path)
            size, free = disk.f_frsize * disk.f_blocks, disk.f_frsize * disk.f_bavail
            telemetry.disk_measured(folder, size, free)

    return measure
