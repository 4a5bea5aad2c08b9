"""What the writing connection does: topics, appending, positions. All inside a transaction."""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from collections.abc import Sequence

from copydesk.transport.api import Lost, Message, TooLarge, Topic, TransportError
from copydesk.transport.sqlite.frames import cut, pack, size

_BY_NAME = "SELECT id, next, max_message_bytes FROM topic WHERE name = ?"


def ensure(connection: sqlite3.Connection, topics: Sequence[Topic]) -> None:
    """Make the topics that are missing, and give the others their limits."""
    connection.executemany(
        "INSERT INTO topic (name, max_message_bytes) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET max_message_bytes = excluded.max_message_bytes",
        [(topic.name, topic.max_message_bytes) for topic in topics],
    )


def append(connection: sqlite3.Connection, messages: Sequence[Message]) -> None:
    """Append `messages`; those of one topic keep their order.

    Raises TooLarge, and TransportError where a topic does not exist.
    """
    by_topic: defaultdict[str, list[Message]] = defaultdict(list)
    for message in messages:
        by_topic[message.topic].append(message)
    for name, of_topic in by_topic.items():
        row = connection.execute(_BY_NAME, (name,)).fetchone()
        if row is None:
            raise TransportError(f"there is no topic {name}")
        topic, base, limit = row
        sizes = [size(message) for message in of_topic]
        if max(sizes) > limit:
            raise TooLarge(of_topic[sizes.index(max(sizes))], limit)
        timestamp = _now(connection, topic)
        for run in cut(of_topic, sizes):
            frame = pack(run)
            connection.execute(
                "INSERT INTO batch (topic, base, next, timestamp, bytes, records)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (topic, base, base + len(run), timestamp, len(frame), frame),
            )
            base += len(run)
        connection.execute("UPDATE topic SET next = ? WHERE id = ?", (base, topic))


def _now(connection: sqlite3.Connection, topic: int) -> float:
    """The clock, unless it stepped back: timestamps never do, so that `Since` misses nothing."""
    last = connection.execute(
        "SELECT timestamp FROM batch WHERE topic = ? ORDER BY next DESC LIMIT 1", (topic,)
    ).fetchone()
    return max(time.time(), last[0] if last else 0.0)


def join(connection: sqlite3.Connection, topic: str, group: str) -> int:
    """The position of `group` on `topic`; at the first record where it had none.

    Raises TransportError where the topic does not exist.
    """
    row = connection.execute(_BY_NAME, (topic,)).fetchone()
    if row is None:
        raise TransportError(f"there is no topic {topic}")
    where = (row[0], group)
    connection.execute("INSERT OR IGNORE INTO position VALUES (?, ?, 0)", where)
    found = connection.execute("SELECT next FROM position WHERE topic = ? AND name = ?", where)
    return int(found.fetchone()[0])


def advance(connection: sqlite3.Connection, topic: str, group: str, start: int, end: int) -> None:
    """Move `group` from `start` to `end`. Raises Lost where it is not at `start`."""
    moved = connection.execute(
        "UPDATE position SET next = ? WHERE name = ? AND next = ?"
        " AND topic = (SELECT id FROM topic WHERE name = ?)",
        (end, group, start, topic),
    ).rowcount
    if not moved:
        raise Lost(f"group {group} is not at {start} of {topic} any more")
