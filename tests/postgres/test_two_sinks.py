"""Several sinks write at once: no row depends on which of them was first."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.errors import Unavailable
from copydesk.sink.event import Event
from copydesk.sink.opening import open_store
from copydesk.sink.store import Observed, Store
from tests.contract.store.conftest import sqlite
from tests.postgres.database import Database
from tests.unit.sink.events import article_id, at, event, version

NOW = at(100)
TABLES = (
    "SELECT * FROM revisions ORDER BY article_id, revision",
    "SELECT * FROM articles ORDER BY id",
    "SELECT version_id, path, observed_at, article_id FROM files ORDER BY version_id",
)

events = st.builds(
    event,
    st.sampled_from(["ferry", "quay"]),
    st.sampled_from(["One.", "Two.", "Three."]),
    second=st.integers(0, 5),
    generation=st.integers(1, 2),
)
arrivals = st.lists(
    st.tuples(events, st.sampled_from(["first", "second", "both"])),
    min_size=2,
    max_size=12,
    unique_by=lambda each: (each[0].source_version_id, each[0].parser_generation),
)


async def record(store: Store, batches: Sequence[Sequence[Event]]) -> None:
    for batch in batches:
        await store.record_articles(batch, NOW)


def batches(events: Sequence[Event], size: int) -> list[Sequence[Event]]:
    return [events[begin : begin + size] for begin in range(0, len(events), size)]


async def as_sqlite_has_it(events: Sequence[Event]) -> list[list[dict[str, Any]]]:
    with tempfile.TemporaryDirectory() as folder:
        storage = sqlite(Path(folder) / "articles.db")
        async with storage.store() as store:
            await store.record_articles(events, NOW)
        return [await storage.rows(query) for query in TABLES]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(arrivals, st.integers(1, 4), st.integers(1, 4))
def test_two_sinks_at_once_leave_the_rows_that_sqlite_has_of_the_same_events(
    postgres_database: Database,
    arrivals: list[tuple[Event, str]],
    size: int,
    other_size: int,
) -> None:
    every = [event for event, _ in arrivals]
    first = [event for event, sink in arrivals if sink != "second"]
    second = [event for event, sink in reversed(arrivals) if sink != "first"]

    async def race() -> list[list[dict[str, Any]]]:
        address = postgres_database.address
        async with open_store(address) as one, open_store(address) as other:
            await postgres_database.execute("TRUNCATE revisions, files")
            await asyncio.gather(
                record(one, batches(first, size)), record(other, batches(second, other_size))
            )
        return [await postgres_database.rows(query) for query in TABLES]

    assert asyncio.run(race()) == asyncio.run(as_sqlite_has_it(every))


async def test_of_two_first_states_of_an_article_one_is_the_present_one(
    postgres_database: Database,
) -> None:
    address = postgres_database.address
    async with open_store(address) as one, open_store(address) as other:
        for number in range(20):
            older, newer = (event(f"n{number}", f"{second}.", second=second) for second in (1, 2))
            (was,), (is_now,) = await asyncio.gather(
                one.record_articles([older], NOW), other.record_articles([newer], NOW)
            )
            assert (was.outcome, is_now.outcome) in (
                ("stored", "updated"),
                ("superseded", "stored"),
            )
    rows = await postgres_database.rows("SELECT title, revision_count FROM articles")
    assert rows == [{"title": "2", "revision_count": 2}] * 20


async def test_sinks_that_meet_the_same_articles_in_any_order_wait_and_never_deadlock(
    postgres_database: Database,
) -> None:
    address = postgres_database.address
    async with open_store(address) as one, open_store(address) as other:
        for turn in range(5):
            forth = [event(f"n{turn}-{number}", second=1) for number in range(150)]
            back = [event(f"n{turn}-{number}", "Later.", second=2) for number in range(150)][::-1]
            entries = [
                Observed(each.source_version_id, "inbox", "a", 1, "ab" * 32, at(1), at(1))
                for each in (*forth, *back)
            ]
            await asyncio.gather(
                one.record_articles(forth, NOW),
                other.record_articles(back, NOW),
                one.record_files(entries),
                other.record_files(entries[::-1]),
            )
    (row,) = await postgres_database.rows("SELECT count(*) AS n FROM articles WHERE title='Later'")
    assert row == {"n": 750}


async def test_a_version_that_another_sink_settles_meanwhile_is_told_its_outcome_when_repeated(
    postgres_database: Database,
) -> None:
    async with open_store(postgres_database.address) as store:
        other = await asyncpg.connect(postgres_database.address)
        async with other.transaction():
            await other.execute(
                "INSERT INTO files (version_id, inbox, path, outcome, settled_at, article_id)"
                " VALUES ($1, 'inbox', 'a', 'stored', now(), $2)",
                version("a"),
                article_id("another"),
            )
            ours = asyncio.create_task(store.record_articles([event(of="a")], NOW))
            while not await other.fetchval(  # noqa: ASYNC110 -- it is the server that we wait for
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND transactionid ="
                " pg_current_xact_id()::xid)"
            ):
                await asyncio.sleep(0.01)
        with pytest.raises(Unavailable, match="another sink settled"):
            await ours
        await other.close()
        assert await postgres_database.rows("SELECT * FROM revisions") == []
        (answer,) = await store.record_articles([event(of="a")], NOW)
        assert (answer.outcome, answer.fresh) == ("stored", False)
        assert answer.article_id == article_id("another")
