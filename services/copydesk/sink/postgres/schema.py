"""The storage's schema in PostgreSQL: numbered migrations, run at start, each once."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from copydesk.errors import Unusable

if TYPE_CHECKING:
    from copydesk.sink.postgres.connect import Connection

MIGRATION_SECONDS = 600
"""How long all may take, waiting for another sink that does the same included."""

_BOOK = "copydesk_migrations"
_TABLES = ("articles", "files", "revisions")
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('copydesk'), hashtext(current_schema()))"
_FOUND = """
SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = ANY (current_schemas(false)) AND relname = ANY ($1::text[])
"""
"""Not `to_regclass`: it may not know yet what another committed while we waited for the lock."""
_VERSION = "SELECT coalesce(max(number), 0) FROM copydesk_migrations"
_MAKE_BOOK = """
CREATE TABLE IF NOT EXISTS copydesk_migrations (
    number integer PRIMARY KEY, run_at timestamptz NOT NULL DEFAULT now()
)
"""


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


async def migrate(connection: Connection) -> None:
    """Bring the database to the newest version: all of it, or nothing. One process at a time does.

    Raises Unusable as `check` does. A database that is up to date is only read.
    """
    if await check(connection) == len(migrations()):
        return
    async with connection.transaction(isolation="read_committed"):
        await connection.execute(f"SET LOCAL statement_timeout = '{MIGRATION_SECONDS}s'")
        await connection.execute(f"SET LOCAL lock_timeout = '{MIGRATION_SECONDS}s'")
        await connection.execute(_LOCK, timeout=MIGRATION_SECONDS)
        done = await check(connection)
        await connection.execute(_MAKE_BOOK)
        for number, script in enumerate(migrations()[done:], done + 1):
            await connection.execute(script, timeout=MIGRATION_SECONDS)
            await connection.execute("INSERT INTO copydesk_migrations (number) VALUES ($1)", number)


async def check(connection: Connection) -> int:
    """The version of the database; 0 where it has no storage.

    Raises Unusable where it is newer than ours, or its tables are somebody else's.
    """
    found = {row["relname"] for row in await connection.fetch(_FOUND, (_BOOK, *_TABLES))}
    if _BOOK not in found:
        if found:
            raise Unusable(
                "it has tables named articles, files or revisions that are not copydesk's;"
                " name another database, or a schema with ?search_path="
            )
        return 0
    version = await connection.fetchval(_VERSION)
    if version > len(migrations()):
        raise Unusable(
            f"the storage was written by a newer copydesk (its version {version}, ours"
            f" {len(migrations())}); use that one"
        )
    return int(version)
