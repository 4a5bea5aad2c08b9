"""What a reading connection does: records, lag, and where to start."""

from __future__ import annotations

import sqlite3
import time

from copydesk.transport.api import At, Lag, Record, Since, Size, Start, TransportError
from copydesk.transport.sqlite.frames import unpack

LAST_OFFSET = (1 << 63) - 1


def records(
    connection: sqlite3.Connection,
    topic: str,
    offset: int,
    max_records: int,
    max_bytes: int,
    *,
    until: int = LAST_OFFSET,
) -> tuple[list[Record], int]:
    """Whole frames of `topic` from `offset` to `until`, and the offset after the last of them.

    They hold at least `max_records` records or `max_bytes` bytes where the topic has so many.
    """
    found: list[Record] = []
    held = 0
    frames = connection.execute(
        "SELECT base, next, timestamp, records FROM batch"
        " WHERE topic = (SELECT id FROM topic WHERE name = ?) AND next > ? AND next <= ?"
        " ORDER BY next",
        (topic, offset, until),
    )
    end = offset
    for base, following, timestamp, frame in frames:
        of_frame = unpack(topic, base, timestamp, frame)
        if base < offset:
            of_frame = [record for record in of_frame if record.offset >= offset]
        found += of_frame
        held += len(frame)
        end = following
        if len(found) >= max_records or held >= max_bytes:
            break
    frames.close()  # ends the read transaction: an open one would stop checkpoints
    return found, end


def offset_of(connection: sqlite3.Connection, topic: str, start: Start) -> int:
    """The offset that `start` means. Raises TransportError where the topic does not exist."""
    match start:
        case "first":
            return 0
        case "end":
            return end_of(connection, topic)
        case At(offset):
            return offset
        case Since(timestamp):
            row = connection.execute(
                "SELECT min(base) FROM batch INDEXED BY batch_order"
                " WHERE topic = (SELECT id FROM topic WHERE name = ?) AND timestamp >= ?",
                (topic, timestamp),
            ).fetchone()
            return end_of(connection, topic) if row[0] is None else int(row[0])


def end_of(connection: sqlite3.Connection, topic: str) -> int:
    """The offset of the record that comes next. Raises TransportError for an unknown topic."""
    row = connection.execute("SELECT next FROM topic WHERE name = ?", (topic,)).fetchone()
    if row is None:
        raise TransportError(f"there is no topic {topic}")
    return int(row[0])


def size(connection: sqlite3.Connection, topic: str) -> Size:
    """How much `topic` holds. Compaction leaves gaps, so records are counted by their offsets."""
    first, held = connection.execute(
        "SELECT min(base), sum(bytes) FROM batch"
        " WHERE topic = (SELECT id FROM topic WHERE name = ?)",
        (topic,),
    ).fetchone()
    end = end_of(connection, topic)
    return Size(end - (end if first is None else first), held or 0)


def lag(connection: sqlite3.Connection, topic: str, group: str) -> Lag:
    """How far `group` is behind; one that never joined is behind from the first record on."""
    end = end_of(connection, topic)
    row = connection.execute(
        "SELECT next FROM position WHERE name = ?"
        " AND topic = (SELECT id FROM topic WHERE name = ?)",
        (group, topic),
    ).fetchone()
    position = int(row[0]) if row else 0
    if position >= end:
        return Lag(0, 0.0, {0: position})
    oldest = connection.execute(
        "SELECT timestamp FROM batch WHERE topic = (SELECT id FROM topic WHERE name = ?)"
        " AND next > ? ORDER BY next LIMIT 1",
        (topic, position),
    ).fetchone()
    seconds = max(0.0, time.time() - oldest[0]) if oldest else 0.0
    return Lag(end - position, seconds, {0: position})
