"""Connections to a SQLite file, for its one writer and for its many readers."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

PAGE_BYTES = 16_384
BUSY_SECONDS = 5.0


def connect_writer(path: Path, page_bytes: int = PAGE_BYTES) -> sqlite3.Connection:
    """The writing connection: WAL, durable at each commit, no checkpoint of SQLite's own accord.

    Before 3.51.3, SQLite can lose commits when one connection commits while another checkpoints;
    so checkpoints are made by this connection alone, when its owner says so. `page_bytes` counts
    for a file that is new.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size = {page_bytes}")
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 0").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises sqlite3.OperationalError where there is no file.

    In a folder that we may not write, SQLite cannot make the files that it needs beside a database
    in WAL mode. Where the writer's are not there either, nobody writes: the file is all there is.
    """
    path = path.absolute()
    may_write = os.access(path.parent, os.W_OK, effective_ids=True)
    alone = not may_write and not path.with_name(path.name + "-wal").exists()
    address = f"file:{quote(str(path))}?mode=ro{'&immutable=1' if alone else ''}"
    return sqlite3.connect(
        address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
