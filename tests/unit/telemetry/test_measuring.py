"""What is measured again and again, through outages of what is asked."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from prometheus_client import CollectorRegistry

from copydesk.errors import Unavailable
from copydesk.telemetry import measuring
from copydesk.telemetry.measuring import Reader, in_flight_of, keep_measuring, lag_of, sizes_of
from copydesk.telemetry.occurrences import Telemetry
from copydesk.transport.api import Message, Topic, Transport, TransportError
from copydesk.transport.sqlite import open_log
from copydesk_schemas.times import to_text

RAW = Topic("raw", 1, 60.0, compacted=False, max_message_bytes=1000)
LEDGER = Topic("ledger", 1, None, compacted=True, max_message_bytes=1000)


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def telemetry(registry: CollectorRegistry) -> Telemetry:
    return Telemetry(registry, structlog.get_logger())


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[Transport]:
    async with open_log(tmp_path / "log.db", (RAW, LEDGER)) as opened:
        async with opened.publisher("tester") as publisher:
            await publisher.publish([Message("raw", b"k", b"v" * 100) for _ in range(9)])
        yield opened


async def test_lag_is_seen_from_the_side_that_writes(
    log: Transport, registry: CollectorRegistry, telemetry: Telemetry
) -> None:
    await lag_of(log, [Reader("parser", "raw", "nobody yet")], telemetry)()
    labels = {"stage": "parser", "topic": "raw"}
    assert registry.get_sample_value("copydesk_lag_records", labels) == 9


async def test_a_topic_s_size_is_its_records_and_bytes(
    log: Transport, registry: CollectorRegistry, telemetry: Telemetry
) -> None:
    await sizes_of(log, [RAW, LEDGER], telemetry)()
    assert registry.get_sample_value("copydesk_topic_records", {"topic": "raw"}) == 9
    assert (registry.get_sample_value("copydesk_topic_bytes", {"topic": "raw"}) or 0) > 900
    assert registry.get_sample_value("copydesk_topic_records", {"topic": "ledger"}) == 0


async def test_the_oldest_in_flight_ages(registry: CollectorRegistry, telemetry: Telemetry) -> None:
    async def ask() -> tuple[int, str | None]:
        return 3, to_text(int((time.time() - 60) * 1e6))

    async def nothing() -> tuple[int, str | None]:
        return 0, None

    await in_flight_of(ask, telemetry)()
    assert registry.get_sample_value("copydesk_files_in_flight") == 3
    assert 60 <= (registry.get_sample_value("copydesk_oldest_in_flight_seconds") or 0) < 90
    await in_flight_of(nothing, telemetry)()
    assert registry.get_sample_value("copydesk_oldest_in_flight_seconds") == 0


async def test_room_is_that_of_the_folder_s_disk(
    tmp_path: Path, registry: CollectorRegistry, telemetry: Telemetry
) -> None:
    await measuring.room_of({"data": str(tmp_path)}, telemetry)()
    disk = os.statvfs(tmp_path)
    size = registry.get_sample_value("copydesk_disk_size_bytes", {"folder": "data"})
    assert size == disk.f_blocks * disk.f_frsize


@pytest.mark.parametrize("outage", [TransportError("away"), Unavailable("away"), OSError("away")])
async def test_an_outage_ends_neither_the_others_nor_what_follows(
    telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch, outage: Exception
) -> None:
    monkeypatch.setattr(measuring, "EVERY_SECONDS", 0.001)
    stopping = asyncio.Event()
    seen: list[str] = []

    async def failing() -> None:
        seen.append("failing")
        raise outage

    async def working() -> None:
        seen.append("working")
        if len(seen) == 4:
            stopping.set()

    async with asyncio.timeout(5):
        await keep_measuring([failing, working], telemetry, stopping)
    assert seen == ["failing", "working"] * 2
