"""What an error of SQLite means to the person who runs copydesk."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_READONLY: "it cannot be written; check its owner, its mode and the mount",
    sqlite3.SQLITE_PERM: "it cannot be opened; check its owner and mode",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that its folder exists and may be written",
    sqlite3.SQLITE_BUSY: "another program holds a lock on it; end that program",
    sqlite3.SQLITE_LOCKED: "another program holds a lock on it; end that program",
    sqlite3.SQLITE_IOERR: "the disk reported an error; look at the system's log",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore it from a backup",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database; name another file or move this one away",
}


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code of `error`; 0 where Python raised it without one."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def sentence(path: Path, error: sqlite3.Error) -> str:
    """What happened to which file, and what to do about it."""
    advice = _ADVICE.get(primary_code(error))
    return f"{path}: {advice} ({error})" if advice else f"{path}: {error}"
