"""The storage's schema in SQLite: numbered migrations, run at start, each once."""

from __future__ import annotations

import re
import sqlite3
from functools import cache
from importlib.resources import files

from copydesk.errors import Unusable

APPLICATION_ID = 0x63706473
"""In the file's header: this database is a storage of copydesk ("cpds")."""

OLDEST_SQLITE = (3, 37, 0)
"""The first with strict tables."""


@cache
def migrations() -> tuple[str, ...]:
    """The scripts in the order of their numbers; the first makes version 1 of version 0."""
    folder = files(__package__).joinpath("migrations")
    scripts = {
        int(match[1]): entry.read_text("utf-8")
        for entry in folder.iterdir()
        if (match := re.fullmatch(r"(\d{4})_\w+\.sql", entry.name))
    }
    return tuple(scripts[number] for number in range(1, len(scripts) + 1))


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to the newest version.

    Raises Unusable where it is newer still, is no storage of copydesk, or SQLite is too old.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise Unusable(
            f"SQLite {sqlite3.sqlite_version} is too old for the storage; 3.37 is needed"
        )
    version = check(connection)
    for number, script in enumerate(migrations()[version:], version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {script} PRAGMA application_id = {APPLICATION_ID};"
            f" PRAGMA user_version = {number}; COMMIT;"
        )


def check(connection: sqlite3.Connection) -> int:
    """The version of the database; 0 where it is empty. Raises Unusable as `migrate` does."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if objects and application != APPLICATION_ID:
        raise Unusable("the database holds something else than articles; name another file")
    if version > len(migrations()):
        raise Unusable(
            f"the storage was written by a newer copydesk (its version {version}, ours"
            f" {len(migrations())}); use that one"
        )
    return int(version)
