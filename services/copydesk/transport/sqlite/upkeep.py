"""Retention and compaction: what keeps the log from growing for ever.

Neither passes the slowest group of a topic.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from copydesk.transport.api import Record, Topic, TransportError
from copydesk.transport.sqlite import fetch
from copydesk.transport.sqlite.file import LogFile
from copydesk.transport.sqlite.frames import FRAME_BYTES, repack

PAUSE_SECONDS = 60.0
SLICE_FRAMES = 200
"""Frames deleted in one transaction, so that others wait for it only a moment."""
READ_RECORDS = 1000
COMPACT_RECORDS = 20_000
"""A topic is compacted once as many records came as it holds, and so many at the least."""
TOMBSTONE_SECONDS = 86_400.0
"""How long a tombstone stays, so that a reader who saw what it removes sees it, too."""

_FLOOR = "SELECT coalesce(min(next), (SELECT next FROM topic WHERE id = :id)) FROM position"


async def keep_up(file: LogFile, topics: Sequence[Topic]) -> None:
    """Expire and compact `topics` now and then, for ever; not at once: a start has enough to do."""
    while True:
        await asyncio.sleep(PAUSE_SECONDS)
        for topic in topics:
            with suppress(TransportError):  # whoever publishes meets it, too, and says so
                await expire(file, topic, time.time())
                if topic.compacted:
                    await compact(file, topic, time.time())


async def expire(file: LogFile, topic: Topic, now: float) -> None:
    """Delete the records of `topic` that are too old, and the oldest of too many."""
    if topic.retention is None and topic.retention_bytes is None:
        return
    while await file.write(lambda connection: _expire_some(connection, topic, now)):
        pass


def _expire_some(connection: sqlite3.Connection, topic: Topic, now: float) -> int:
    """Delete up to SLICE_FRAMES frames; how many it were."""
    (identity,) = connection.execute(
        "SELECT id FROM topic WHERE name = ?", (topic.name,)
    ).fetchone()
    held = connection.execute("SELECT sum(bytes) FROM batch WHERE topic = ?", (identity,))
    excess = (held.fetchone()[0] or 0) - (topic.retention_bytes or float("inf"))
    oldest = 0.0 if topic.retention is None else now - topic.retention
    frames = connection.execute(
        "SELECT id, timestamp, bytes FROM batch WHERE topic = :id"
        f" AND next <= ({_FLOOR} WHERE topic = :id) ORDER BY next LIMIT :slice",
        {"id": identity, "slice": SLICE_FRAMES},
    ).fetchall()
    gone = []
    for frame, timestamp, size in frames:
        if timestamp >= oldest and excess <= 0:
            break
        gone.append((frame,))
        excess -= size
    connection.executemany("DELETE FROM batch WHERE id = ?", gone)
    return len(gone)


class Extent(NamedTuple):
    """What compaction may touch of a topic: frames that end at `limit` or before."""

    topic: int
    limit: int
    compacted_to: int
    live: int


async def compact(file: LogFile, topic: Topic, now: float) -> None:
    """Leave of each key the last record only, and small frames made into large ones."""
    extent = await file.query(lambda connection: _extent(connection, topic.name))
    if extent.limit - extent.compacted_to < max(extent.live, COMPACT_RECORDS):
        return
    await _note_last(file, topic.name, extent.limit)
    kept: list[Record] = []
    live = held = start = offset = 0
    while offset < extent.limit:
        at = offset
        records, offset = await _some(file, topic.name, at, extent.limit)
        last = await _last_between(file, at, offset)
        for record in records:
            buried = record.value is None and record.timestamp < now - TOMBSTONE_SECONDS
            if record.offset in last and not buried:
                kept.append(record)
                held += len(record.value or b"")
        if held >= FRAME_BYTES:
            await _replace(file, extent.topic, start, offset, kept)
            live += len(kept)
            kept, held, start = [], 0, offset
    await _replace(file, extent.topic, start, offset, kept)
    live += len(kept)
    await file.write(
        lambda connection: connection.execute(
            "UPDATE topic SET compacted_to = ?, live = ? WHERE id = ?", (offset, live, extent.topic)
        )
    )


def _extent(connection: sqlite3.Connection, topic: str) -> Extent:
    row = connection.execute(
        "SELECT id, compacted_to, live FROM topic WHERE name = ?", (topic,)
    ).fetchone()
    floor = connection.execute(f"{_FLOOR} WHERE topic = :id", {"id": row[0]}).fetchone()[0]
    limit = connection.execute(
        "SELECT coalesce(max(next), 0) FROM batch WHERE topic = ? AND next <= ?", (row[0], floor)
    ).fetchone()[0]
    return Extent(row[0], limit, row[1], row[2])


async def _note_last(file: LogFile, topic: str, limit: int) -> None:
    """Fill a temporary table, which lies on disk and not in memory, with each key's last offset."""

    def begin(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute("DROP TABLE IF EXISTS temp.last")
        connection.execute(
            "CREATE TEMP TABLE last (key BLOB PRIMARY KEY, offset INTEGER) WITHOUT ROWID"
        )

    def note(records: Sequence[Record], connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO temp.last VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET offset = excluded.offset",
            [(record.key or b"", record.offset) for record in records],
        )
        connection.execute("COMMIT")

    await file.query(begin)
    offset = 0
    while offset < limit:
        records, offset = await _some(file, topic, offset, limit)
        await file.query(partial(note, records))
    await file.query(
        lambda connection: connection.execute("CREATE INDEX temp.by_offset ON last (offset)")
    )


async def _last_between(file: LogFile, start: int, end: int) -> set[int]:
    rows = await file.query(
        lambda connection: connection.execute(
            "SELECT offset FROM temp.last WHERE offset >= ? AND offset < ?", (start, end)
        ).fetchall()
    )
    return {offset for (offset,) in rows}


async def _some(file: LogFile, topic: str, offset: int, limit: int) -> tuple[list[Record], int]:
    """Some records of `topic` from `offset` to `limit`, and the offset after them."""
    return await file.query(
        lambda connection: fetch.records(
            connection, topic, offset, READ_RECORDS, FRAME_BYTES, until=limit
        )
    )


async def _replace(
    file: LogFile, topic: int, start: int, end: int, records: Sequence[Record]
) -> None:
    """Put one frame with `records` in the place of all frames from `start` to `end`."""

    def job(connection: sqlite3.Connection) -> None:
        connection.execute(
            "DELETE FROM batch WHERE topic = ? AND next > ? AND next <= ?", (topic, start, end)
        )
        if records:
            frame = repack(start, records)
            connection.execute(
                "INSERT INTO batch (topic, base, next, timestamp, bytes, records)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (topic, start, end, records[-1].timestamp, len(frame), frame),
            )

    await file.write(job)
