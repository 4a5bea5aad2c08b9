"""Migrations, whose database it is, and what the tables are made of."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import asyncpg
import pytest

from copydesk.errors import Unusable
from copydesk.sink.opening import open_archive, open_store
from copydesk.sink.postgres.rows import REVISION_COLUMNS
from copydesk.sink.postgres.schema import migrations
from copydesk.sink.store import FileRow
from tests.postgres.database import Database
from tests.unit.sink.events import at, event

NOW = at(1)
COLUMNS = """
SELECT string_agg(attname, ',' ORDER BY attnum) AS names FROM pg_attribute
WHERE attrelid = '{}'::regclass AND attnum > 0
"""


async def versions(database: Database) -> list[int]:
    rows = await database.rows("SELECT number FROM copydesk_migrations ORDER BY number")
    return [row["number"] for row in rows]


@pytest.fixture
async def database(postgres_database: Database) -> Database:
    """A storage with an article in it."""
    async with open_store(postgres_database.address) as store:
        await store.record_articles([event()], NOW)
    return postgres_database


async def test_a_row_has_its_tables_columns_in_their_order(database: Database) -> None:
    for table, columns in (("revisions", REVISION_COLUMNS), ("files", FileRow._fields)):
        (row,) = await database.rows(COLUMNS.format(table))
        assert row["names"] == ",".join(columns)


async def test_an_older_version_is_migrated_step_by_step_and_keeps_its_rows(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = (*migrations(), "CREATE TABLE second (n int);", "INSERT INTO second VALUES (3);")
    monkeypatch.setattr("copydesk.sink.postgres.schema.migrations", lambda: more)
    for _ in range(2):
        async with open_store(database.address):
            pass
    (row,) = await database.rows("SELECT n, (SELECT count(*) FROM articles) AS rows FROM second")
    assert row == {"n": 3, "rows": 1}
    assert await versions(database) == [1, 2, 3]


async def test_a_migration_that_fails_leaves_the_version_before_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = (*migrations(), "CREATE TABLE half (n int); INSERT INTO nowhere VALUES (1);")
    monkeypatch.setattr("copydesk.sink.postgres.schema.migrations", lambda: half)
    with pytest.raises(Unusable, match='relation "nowhere" does not exist'):
        async with open_store(database.address):
            pass
    assert await versions(database) == [1]
    assert await database.rows("SELECT to_regclass('half') AS half") == [{"half": None}]


async def test_stores_that_open_at_once_migrate_once(postgres_database: Database) -> None:
    async def opens() -> None:
        async with open_store(postgres_database.address) as store:
            await store.record_articles([event()], NOW)

    await asyncio.gather(*(opens() for _ in range(4)))
    assert await versions(postgres_database) == [1]
    assert len(await postgres_database.rows("SELECT * FROM articles")) == 1


async def test_a_newer_version_is_refused_in_clear_words(database: Database) -> None:
    await database.execute("INSERT INTO copydesk_migrations (number) VALUES (99)")
    for opened in (open_store(database.address), open_archive(database.address)):
        with pytest.raises(Unusable, match=r"^postgresql://.*: .*newer copydesk .*99.* use that"):
            async with opened:
                pass


async def test_tables_of_somebody_else_are_left_alone(postgres_database: Database) -> None:
    await postgres_database.execute("CREATE TABLE articles (id int)")
    with pytest.raises(Unusable, match="name another database"):
        async with open_store(postgres_database.address):
            pass
    assert await postgres_database.rows("SELECT * FROM articles") == []


async def test_there_is_nothing_to_read_before_a_sink_has_been_there(
    postgres_database: Database,
) -> None:
    with pytest.raises(Unusable, match="there is no storage"):
        async with open_archive(postgres_database.address):
            pass


async def test_who_reads_needs_no_right_to_write_and_who_writes_none_to_make_tables(
    database: Database, postgres: str
) -> None:
    name = database.schema
    await database.execute(f"CREATE ROLE {name}")
    try:
        await database.execute(f"GRANT USAGE ON SCHEMA {name} TO {name}")
        await database.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO {name}")
        address = f"{database.address}&role={name}"
        async with open_archive(address) as archive:
            assert (await archive.survey([], 1)).tally.outcomes == {"stored": 1}
        await database.execute(f"GRANT INSERT, UPDATE ON revisions, files TO {name}")
        async with open_store(address) as store:
            await store.record_articles([event("other")], NOW)
    finally:
        await database.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")


async def test_texts_are_compressed_with_lz4_where_the_server_has_it(database: Database) -> None:
    connection = await asyncpg.connect(database.address)
    has_it = await connection.fetchval(
        "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
    )
    await connection.close()
    (row,) = await database.rows(
        "SELECT count(*) AS columns FROM pg_attribute"
        " WHERE attrelid = 'revisions'::regclass AND attcompression = 'l'"
    )
    assert row["columns"] == (10 if has_it else 0)


async def test_what_users_get_are_dates_times_and_lists(database: Database) -> None:
    (row,) = await database.rows(
        "SELECT pg_typeof(id) AS id, pg_typeof(published_date) AS day,"
        " pg_typeof(first_observed_at) AS time, authors ->> 0 AS author,"
        " (SELECT count(*) FROM jsonb_array_elements_text(content)) AS blocks FROM articles"
    )
    assert row == {
        "id": "uuid",
        "day": "date",
        "time": "timestamp with time zone",
        "author": "Wenna Castellane",
        "blocks": 2,
    }


def test_the_embedded_size_starts_without_asyncpg() -> None:
    program = (
        "import sys; import copydesk.commands.run; from copydesk.sink.opening import open_store;"
        " open_store('sqlite:////tmp/a.db'); sys.exit('asyncpg' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
