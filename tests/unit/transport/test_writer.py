"""The writing thread: jobs that share a transaction and do not share their failures."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from copydesk.sqlite.connect import PAGE_BYTES, connect_reader
from copydesk.sqlite.writer import Writer


def prepare(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER UNIQUE)")


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    async with Writer(tmp_path / "x.db", prepare) as opened:
        yield opened


def numbers(path: Path) -> list[int]:
    connection = connect_reader(path)
    try:
        return [n for (n,) in connection.execute("SELECT n FROM t ORDER BY n")]
    finally:
        connection.close()


async def test_a_job_that_fails_undoes_itself_and_no_other(writer: Writer, tmp_path: Path) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO t VALUES (100)")
        raise LookupError("ours")

    def add(number: int) -> asyncio.Task[int]:
        return asyncio.ensure_future(
            writer.run(lambda c: c.execute("INSERT INTO t VALUES (?)", (number,)).rowcount)
        )

    results = await asyncio.gather(add(1), writer.run(half), add(1), add(2), return_exceptions=True)
    assert results[0] == 1
    assert isinstance(results[1], LookupError)
    assert isinstance(results[2], sqlite3.IntegrityError)
    assert results[3] == 1
    assert numbers(tmp_path / "x.db") == [1, 2]


async def test_a_transaction_that_cannot_commit_fails_all_who_shared_it(
    writer: Writer, tmp_path: Path
) -> None:
    def spoil(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")

    results = await asyncio.gather(
        writer.run(lambda c: c.execute("INSERT INTO t VALUES (1)").rowcount),
        writer.run(spoil),
        return_exceptions=True,
    )
    survivors = numbers(tmp_path / "x.db")
    assert isinstance(results[1], sqlite3.OperationalError)
    assert survivors == ([1] if results[0] == 1 else [])
    assert await writer.run(lambda c: c.execute("INSERT INTO t VALUES (2)").rowcount) == 1


async def test_a_job_whose_caller_left_does_no_harm(writer: Writer, tmp_path: Path) -> None:
    leaving = asyncio.ensure_future(
        writer.run(lambda c: c.execute("INSERT INTO t VALUES (1)").rowcount)
    )
    await asyncio.sleep(0)
    leaving.cancel()
    await writer.run(lambda c: c.execute("INSERT INTO t VALUES (2)").rowcount)
    assert 2 in numbers(tmp_path / "x.db")


async def test_the_write_ahead_log_does_not_grow_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copydesk.sqlite.writer.CHECKPOINT_SECONDS", 0.0)
    async with Writer(tmp_path / "x.db", prepare) as writer:
        for _ in range(200):
            await writer.run(lambda c: c.execute("INSERT INTO t SELECT count(*) FROM t"))
        assert (tmp_path / "x.db-wal").stat().st_size < 10 * PAGE_BYTES
