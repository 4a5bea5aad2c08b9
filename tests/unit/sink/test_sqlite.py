"""What is SQLite's own: migrations, one writer, refusals and outages, readers beside it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from copydesk.errors import Refused, Unavailable, Unusable
from copydesk.lock import Locked
from copydesk.sink.opening import open_archive, open_store
from copydesk.sink.sqlite.bulk import MOST_ROWS, execute
from copydesk.sink.sqlite.schema import APPLICATION_ID, migrate, migrations
from copydesk.sink.store import Observed
from tests.unit.sink.events import at, event, version

NOW = at(1)
NOBODY = 65534


def address(path: Path) -> str:
    return f"sqlite:///{path}"


def said(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(statement).fetchall()


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A storage with an article in it."""
    path = tmp_path / "articles.db"
    async with open_store(address(path)) as store:
        await store.record_articles([event()], NOW)
    return path


async def test_a_new_storage_has_the_newest_version(path: Path) -> None:
    assert said(path, "PRAGMA user_version") == [(len(migrations()),)]
    assert said(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert said(path, "PRAGMA journal_mode") == [("wal",)]


async def test_an_older_version_is_migrated_step_by_step_and_keeps_its_rows(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = (*migrations(), "CREATE TABLE second (n);", "INSERT INTO second VALUES (3);")
    monkeypatch.setattr("copydesk.sink.sqlite.schema.migrations", lambda: more)
    async with open_store(address(path)):
        pass
    async with open_store(address(path)):
        pass
    assert said(path, "SELECT n, (SELECT count(*) FROM articles) FROM second") == [(3, 1)]
    assert said(path, "PRAGMA user_version") == [(len(more),)]


def test_a_migration_that_fails_leaves_the_version_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    half = (*migrations(), "CREATE TABLE half (n); INSERT INTO nowhere VALUES (1);")
    with closing(sqlite3.connect(path)) as connection:
        monkeypatch.setattr("copydesk.sink.sqlite.schema.migrations", lambda: half)
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection)
    assert said(path, "PRAGMA user_version") == [(len(half) - 1,)]
    assert said(path, "SELECT name FROM sqlite_schema WHERE name = 'half'") == []


async def test_a_newer_version_is_refused_in_clear_words(path: Path) -> None:
    said(path, "PRAGMA user_version = 99")
    for opened in (open_store(address(path)), open_archive(address(path))):
        with pytest.raises(Unusable, match=r"articles\.db.*newer copydesk.*99"):
            async with opened:
                pass


async def test_another_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "accounts.db"
    said(path, "CREATE TABLE accounts (n)")
    with pytest.raises(Unusable, match="something else"):
        async with open_store(address(path)):
            pass
    assert said(path, "SELECT name FROM sqlite_schema") == [("accounts",)]


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "articles.db"
    path.write_bytes(b"no database at all, as anyone can see" * 40)
    with pytest.raises(Unusable, match=r"articles\.db.*no SQLite database"):
        async with open_store(address(path)):
            pass


async def test_a_second_writer_is_refused_naming_the_first(path: Path) -> None:
    async with open_store(address(path)):
        with pytest.raises(Locked, match=str(os.getpid())):
            async with open_store(address(path)):
                pass


@pytest.mark.parametrize("wrong", ["sqlite://articles.db", "sqlite:///", "mysql:///x", "x"])
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(Unusable, match="sqlite:///PATH"):
        open_store(wrong)


async def test_a_row_that_a_constraint_forbids_is_refused_and_leaves_nothing(path: Path) -> None:
    said(
        path,
        "CREATE TRIGGER picky BEFORE INSERT ON revisions WHEN new.title LIKE 'Poison%'"
        " BEGIN SELECT raise(ABORT, 'no poison'); END",
    )
    async with open_store(address(path)) as store:
        with pytest.raises(Refused, match="no poison"):
            await store.record_articles([event("a"), event("b", "Poison.")], NOW)
        await store.record_articles([event("c")], NOW)
    assert said(path, "SELECT count(*) FROM articles") == [(2,)]
    assert said(path, "SELECT count(*) FROM files") == [(2,)]


async def test_a_value_of_the_wrong_type_is_refused(path: Path) -> None:
    async with open_store(address(path)) as store:
        with pytest.raises(Refused):
            await store.record_articles([event("a")._replace(word_count="many")], NOW)  # type: ignore[arg-type]


async def test_a_full_disk_is_an_outage_that_names_the_file(path: Path) -> None:
    async with open_store(address(path)) as store:
        said(path, "PRAGMA user_version")
        await store._writer.run(  # type: ignore[attr-defined] # noqa: SLF001 -- a disk that is full
            lambda connection: connection.execute("PRAGMA max_page_count = 1").fetchone()
        )
        with pytest.raises(Unavailable, match=r"articles\.db.*the disk is full; free some space"):
            await store.record_articles([event(f"n{n}", "x" * 5000) for n in range(200)], NOW)
        await store._writer.run(  # type: ignore[attr-defined] # noqa: SLF001 -- and space again
            lambda connection: connection.execute("PRAGMA max_page_count = 100000").fetchone()
        )
        await store.record_articles([event("later")], NOW)
    assert said(path, "SELECT count(*) FROM articles") == [(2,)]


async def test_a_lock_by_another_program_is_an_outage(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copydesk.sqlite.connect.BUSY_SECONDS", 0.05)
    async with open_store(address(path)) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable, match="another program holds a lock"):
                await store.record_articles([event("a")], NOW)
        await store.record_articles([event("a")], NOW)
    assert said(path, "SELECT count(*) FROM articles") == [(2,)]


async def test_a_storage_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"articles\.db.*copydesk run"):
        async with open_archive(address(tmp_path / "articles.db")):
            pass
    assert os.listdir(tmp_path) == []  # noqa: PTH208 -- nothing else waits here


@pytest.fixture
def as_reader(path: Path) -> Iterator[Path]:
    """The storage in a folder that this user may only read."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        shown = Path(folder) / "articles.db"
        shown.write_bytes(path.read_bytes())
        shown.chmod(0o444)
        Path(folder).chmod(0o555)
        if os.geteuid() == 0:
            os.seteuid(NOBODY)
            yield shown
            os.seteuid(0)
        else:
            yield shown
        Path(folder).chmod(0o755)


async def test_a_storage_in_a_folder_that_may_only_be_read_is_read(as_reader: Path) -> None:
    async with open_archive(address(as_reader)) as archive:
        survey = await archive.survey([], 1)
    assert survey.tally.outcomes == {"stored": 1}


@pytest.mark.parametrize("count", [0, 1, 3, MOST_ROWS, 2 * MOST_ROWS + 7])
def test_rows_are_written_in_few_statements(count: int) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (a, b)")
        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        execute(connection, "INSERT INTO t {rows}", [(n, str(n)) for n in range(count)])
        connection.set_trace_callback(None)
        (found,) = connection.execute("SELECT count(*) FROM t").fetchone()
    assert found == count
    inserts = [one for one in statements if one.startswith("INSERT")]
    assert len(inserts) == count // MOST_ROWS + (count % MOST_ROWS).bit_count()


async def test_what_status_and_trace_ask_needs_no_look_at_every_row(path: Path) -> None:
    plans = {
        "SELECT * FROM files WHERE path = 'p' OR moved_to = 'p'": "MULTI-INDEX OR",
        "SELECT * FROM files WHERE outcome IS NULL AND code IS NULL ORDER BY observed_at LIMIT 1": (
            "USING INDEX files_by_outcome"
        ),
        "SELECT outcome, code, count(*) FROM files GROUP BY outcome, code": "COVERING INDEX",
        "SELECT * FROM files WHERE article_id = 'x'": "USING INDEX files_by_article",
        "SELECT published_date, site, count(*) FROM articles GROUP BY 1, 2": "COVERING INDEX",
        "SELECT title FROM articles WHERE id = 'x'": "USING INDEX revisions_by_article",
    }
    for query, expected in plans.items():
        plan = " / ".join(str(row[3]) for row in said(path, f"EXPLAIN QUERY PLAN {query}"))
        assert expected in plan
        assert "TEMP B-TREE" not in plan


async def test_beside_a_writer_a_reader_sees_what_is_committed(path: Path) -> None:
    async with open_store(address(path)) as store, open_archive(address(path)) as archive:
        await store.record_files([Observed(version("b"), "inbox", "b", 1, None, NOW, NOW)])
        assert len(await archive.files([version("b")])) == 1
