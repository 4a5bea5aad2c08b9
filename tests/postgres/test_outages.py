"""A database that goes away, comes back, refuses a row, or is locked by somebody who is gone."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import asyncpg
import pytest

from copydesk.errors import Refused, Unavailable
from copydesk.sink.event import Event, Json, event_of
from copydesk.sink.opening import open_store
from copydesk.sink.store import Observed, Store
from tests.postgres.database import Database, make
from tests.postgres.proxy import proxy
from tests.postgres.server import DURABLE, LocalServer, local_server
from tests.servers import NoServer, missing
from tests.unit.sink.events import article, at, event, normalized, version

NOW = at(100)


@pytest.fixture(scope="module")
def own_server() -> Iterator[LocalServer]:
    """One that may be killed."""
    try:
        with local_server(DURABLE) as local:
            yield local
    except NoServer as reason:
        missing(reason)


def batch_of(number: int) -> list[Event]:
    return [event(f"n{number}-{each}", second=number) for each in range(50)]


async def insist(store: Store, batch: list[Event], outages: list[str]) -> None:
    """Record `batch` as the loop does: again and again until it is done."""
    while True:
        try:
            await store.record_articles(batch, NOW)
        except Unavailable as outage:
            outages.append(str(outage))
            await asyncio.sleep(0.02)
        else:
            return


@pytest.mark.parametrize("end", ["kill", "stop"])
async def test_a_server_that_ends_in_mid_load_and_comes_back_has_every_row_once(
    own_server: LocalServer, end: str
) -> None:
    database = await make(own_server.address)
    outages: list[str] = []
    under_way = asyncio.Event()

    async def load() -> None:
        async with open_store(database.address) as store:
            for number in range(40):
                await insist(store, batch_of(number), outages)
                if number == 5:
                    under_way.set()

    loading = asyncio.create_task(load())
    await under_way.wait()
    await asyncio.to_thread(getattr(own_server, end))
    while not outages:  # noqa: ASYNC110 -- of the store's making
        await asyncio.sleep(0.01)
    await asyncio.to_thread(own_server.start)
    await loading
    (row,) = await database.rows(
        "SELECT (SELECT count(*) FROM articles) AS articles, count(*) AS files,"
        " count(DISTINCT article_id) AS ids, min(outcome) AS a, max(outcome) AS z FROM files"
    )
    assert row == {"articles": 2000, "files": 2000, "ids": 2000, "a": "stored", "z": "stored"}
    assert {outage.partition(": ")[0] for outage in outages} == {
        f"postgresql://127.0.0.1:{own_server.port}/postgres"
    }
    assert not any("\n" in outage for outage in outages)


async def test_a_server_that_answers_no_more_is_away(
    own_server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copydesk.sink.postgres.connect.ANSWER_SECONDS", 0.5)
    monkeypatch.setattr("copydesk.sink.postgres.connect.CONNECT_SECONDS", 0.5)
    database = await make(own_server.address)
    async with open_store(database.address) as store:
        await store.record_articles([event()], NOW)
        own_server.send_signal(signal.SIGSTOP)
        try:
            for _ in range(2):
                with pytest.raises(Unavailable, match="no answer in time"):
                    await store.record_articles([event(second=1)], NOW)
        finally:
            own_server.send_signal(signal.SIGCONT)
        await insist(store, [event(second=1)], [])
    (row,) = await database.rows("SELECT count(*) AS n FROM files")
    assert row == {"n": 2}


async def test_a_session_that_was_ended_is_replaced(postgres_database: Database) -> None:
    name = postgres_database.schema
    ours = f"FROM pg_stat_activity WHERE application_name = '{name}'"
    async with open_store(f"{postgres_database.address}&application_name={name}") as store:
        await store.record_articles([event()], NOW)
        # with a time limit, this waits until the session is gone
        ended = await postgres_database.rows(
            f"SELECT pg_terminate_backend(pid, 10000) AS it {ours}"
        )
        assert [each["it"] for each in ended] == [True]
        await insist(store, [event(second=1)], [])
    assert len(await postgres_database.rows("SELECT * FROM files")) == 2


@pytest.mark.parametrize("kilobytes", [1, 40, 150, 300, 500])
async def test_the_locks_of_a_sink_that_was_frozen_in_mid_batch_end_with_its_time(
    postgres_database: Database, kilobytes: int
) -> None:
    batch = [event(f"n{number}", "A long story. " * 300) for number in range(128)]
    limits = "&idle_in_transaction_session_timeout=500&statement_timeout=2s"
    async with (
        open_store(postgres_database.address) as healthy,
        proxy(postgres_database.address + limits) as (between, address),
        open_store(address) as frozen,
    ):
        between.stall_after(kilobytes << 10)
        freezing = asyncio.create_task(frozen.record_articles(batch, NOW))
        await between.stalled.wait()
        answers = await healthy.record_articles(batch, NOW)
        assert {answer.outcome for answer in answers} == {"stored"}
        with pytest.raises(Unavailable, match=r"stopped in a transaction|connection is lost"):
            await freezing


async def test_a_lock_that_somebody_holds_for_long_is_an_outage(
    postgres_database: Database,
) -> None:
    async with open_store(f"{postgres_database.address}&lock_timeout=100") as store:
        somebody = await asyncpg.connect(postgres_database.address)
        async with somebody.transaction():
            await somebody.execute("LOCK TABLE files IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(Unavailable, match="another session holds a lock"):
                await store.record_articles([event()], NOW)
        await somebody.close()
        await store.record_articles([event()], NOW)


async def test_a_database_that_may_only_be_read_is_an_outage(postgres_database: Database) -> None:
    async with open_store(postgres_database.address):
        pass
    read_only = f"{postgres_database.address}&default_transaction_read_only=on"
    async with open_store(read_only) as store:
        with pytest.raises(Unavailable, match="cannot be written"):
            await store.record_articles([event()], NOW)


REFUSED = {
    "a NUL in a text": event(text="A\0B."),
    "a NUL in a list": event()._replace(authors=Json(b'["A\\u0000B"]')),
    "a list that is no UTF-8": event()._replace(authors=Json(b'["\xff"]')),
    "a list that is no JSON": event()._replace(content=Json(b"[1,")),
    "an id that is no UUID": event()._replace(article_id="ferry"),
    "a version that is no UUID": event()._replace(source_version_id="1"),
    "a day that does not exist": event()._replace(published_date="2025-02-30"),
    "a time that is none": event()._replace(source_observed_at="yesterday, at about noon UT"),
    "a time without its zone": event()._replace(published_at="2025-01-01T10:00:00.000000"),
    "a number beyond all": event()._replace(word_count=1 << 63),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_row_at_fault_is_refused_and_its_neighbours_go_in(
    postgres_database: Database, what: str
) -> None:
    async with open_store(postgres_database.address) as store:
        with pytest.raises(Refused) as refusal:
            await store.record_articles([event("good"), REFUSED[what]], NOW)
        assert "\n" not in str(refusal.value)
        assert await postgres_database.rows("SELECT * FROM files") == []
        await store.record_articles([event("good")], NOW)
    assert len(await postgres_database.rows("SELECT * FROM articles")) == 1


async def test_a_note_at_fault_is_refused(postgres_database: Database) -> None:
    good = Observed(version("a"), "inbox", "a", 1, None, at(0), at(0))
    async with open_store(postgres_database.address) as store:
        for bad in (good._replace(version_id="a"), good._replace(path="a\0")):
            with pytest.raises(Refused):
                await store.record_files([good._replace(version_id=version("b")), bad])


async def test_an_article_as_large_as_any_is_stored(postgres_database: Database) -> None:
    of = article(text="“Long” words. " * 250_000)
    async with open_store(postgres_database.address) as store:
        await store.record_articles([event_of(normalized(of))], NOW)
    (row,) = await postgres_database.rows("SELECT length(content ->> 0) AS n FROM articles")
    assert row == {"n": 14 * 250_000}
