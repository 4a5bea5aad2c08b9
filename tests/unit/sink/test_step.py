"""The three stages over a real storage."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from copydesk.errors import Unavailable
from copydesk.loop.stage import Done, Stage
from copydesk.sink.opening import open_store
from copydesk.sink.step import stages
from copydesk.sink.store import Settled, Store
from copydesk_schemas.headers import as_text
from copydesk_schemas.validation import check_receipt
from tests.unit.sink.events import (
    BEGAN,
    TOPICS,
    article,
    article_id,
    at,
    entry,
    normalized,
    owner,
    record,
    rejection_receipt,
    tombstone,
    version,
)

Sink = tuple[Stage, Stage, Stage]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(f"sqlite:///{tmp_path}/articles.db") as opened:
        yield opened


@pytest.fixture
def sink(store: Store) -> Sink:
    return stages(store, TOPICS, clock=lambda: BEGAN / 1e6 + 10)


def rows(tmp_path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(tmp_path / "articles.db")) as connection:
        return connection.execute(query).fetchall()


def receipts(done: Done) -> list[dict[str, Any]]:
    told = [one for one in done.outputs if one.topic == TOPICS.receipts.name]
    values = [orjson.loads(one.value or b"") for one in told]
    for value in values:
        check_receipt(value)
    return values


async def test_events_become_receipts_in_their_order(sink: Sink) -> None:
    events = [article(second=2), article("other", second=1), article(second=3)]
    done = await sink[0].step([normalized(one) for one in events])
    assert [one["outcome"] for one in receipts(done)] == ["stored", "stored", "unchanged"]
    (first, *_) = done.outputs
    assert first.key == events[0]["source"]["version_id"].encode()
    assert as_text(first.headers)["ce_subject"] == "ferry-2.txt"
    assert receipts(done)[0]["article_id"] == article_id("ferry")
    assert receipts(done)[0]["at"] == at(10)
    assert done.outcomes == {"stored": 2, "unchanged": 1}
    assert done.rejections == {}


async def test_latency_counts_from_the_file_closed_and_never_below_zero(sink: Sink) -> None:
    done = await sink[0].step([normalized(article(second=4)), normalized(article(second=99))])
    assert done.latencies == {"stored": [pytest.approx(6.0)], "unchanged": [0.0]}


async def test_a_redelivery_publishes_the_same_receipts_and_times_nothing(sink: Sink) -> None:
    batch = [normalized(article(text="One.", second=1)), normalized(article(text="Two.", second=2))]
    first = await sink[0].step(batch)
    again = await sink[0].step(batch)
    assert again.outputs == first.outputs
    assert again.latencies == {}


async def test_the_last_articles_are_samples_for_showing(sink: Sink) -> None:
    batch = [normalized(article(f"n{number}", f"Number {number}.")) for number in range(9)]
    done = await sink[0].step(batch)
    assert [one.title for one in done.articles] == ["Number 8", "Number 7", "Number 6", "Number 5"]


async def test_a_foreign_message_is_rejected_by_its_place_without_a_receipt(sink: Sink) -> None:
    foreign = normalized(article(), offset=7, headers=())
    done = await sink[0].step([foreign, normalized(article())])
    rejected, receipt = done.outputs
    assert rejected.topic == TOPICS.rejected.name
    assert rejected.key == f"{TOPICS.normalized.name}/0/7".encode()
    assert rejected.value == foreign.value
    told = as_text(rejected.headers)
    assert (told["ce_code"], told["ce_originoffset"]) == ("bad_message", "7")
    assert receipt.topic == TOPICS.receipts.name
    assert done.outcomes == {"stored": 1, "rejected": 1}
    assert done.rejections == {"bad_message": 1}


async def test_an_event_given_up_is_rejected_with_its_content_and_a_receipt(sink: Sink) -> None:
    given = normalized(article(), offset=3)
    done = sink[0].give_up(given, "refused_by_store", "it is\ntoo " + "long " * 200)
    rejected, receipt = done.outputs
    assert (rejected.key, rejected.value) == (b"inbox/ferry-0.txt", given.value)
    told = as_text(rejected.headers)
    assert told["ce_code"] == "refused_by_store"
    assert told["ce_reason"].startswith("it is too long")
    assert len(told["ce_reason"]) == 500
    (value,) = receipts(done)
    assert value["outcome"] == "rejected"
    assert value["rejection"]["code"] == "refused_by_store"
    assert receipt.key == as_text(given.headers)["ce_id"].encode()
    assert done.rejections == {"refused_by_store": 1}


async def test_after_its_receipt_a_redelivery_of_what_was_given_up_answers_the_same(
    sink: Sink, tmp_path: Path
) -> None:
    given = normalized(article())
    gone = sink[0].give_up(given, "internal_error", "a bug")
    await sink[1].step([record(gone.outputs[1])])
    assert receipts(await sink[0].step([given])) == receipts(gone)
    assert rows(tmp_path, "SELECT * FROM articles") == []


async def test_giving_up_what_is_not_ours_is_a_rejection_by_its_place(sink: Sink) -> None:
    done = sink[0].give_up(normalized(article(), headers=()), "internal_error", "a bug")
    (rejected,) = done.outputs
    assert rejected.key == f"{TOPICS.normalized.name}/0/0".encode()


def test_no_batch_overtakes_another_on_its_way_into_the_store(sink: Sink) -> None:
    assert [stage.abreast for stage in sink] == [1, 1, 1]


async def test_an_outage_of_the_store_is_not_swallowed() -> None:
    class Away:
        async def record_articles(self, *_: object, **__: object) -> Sequence[Settled]:
            raise Unavailable("away")

        async def record_files(self, *_: object, **__: object) -> None:
            raise Unavailable("away")

    sink = stages(Away(), TOPICS)
    for stage, given in zip(
        sink,
        (normalized(article()), record(rejection_receipt("a")), record(entry("a"))),
        strict=True,
    ):
        with pytest.raises(Unavailable):
            await stage.step([given])


async def test_a_rejection_by_others_becomes_a_row_and_their_other_receipts_none(
    sink: Sink, tmp_path: Path
) -> None:
    stored = (await sink[0].step([normalized(article(of="good"))])).outputs
    before = rows(tmp_path, "SELECT * FROM files")
    done = await sink[1].step([*map(record, stored), record(rejection_receipt("bad.txt"))])
    after = rows(tmp_path, "SELECT * FROM files")
    assert set(before) < set(after)
    (row,) = rows(tmp_path, "SELECT path, outcome, code, line FROM files WHERE path = 'bad.txt'")
    assert row == ("bad.txt", "rejected", "empty", 3)
    assert done == Done(outcomes={"recorded": 2})


async def test_ledger_entries_and_tombstones_become_rows_and_owners_none(
    sink: Sink, tmp_path: Path
) -> None:
    messages = [owner(), entry("a.txt"), entry("b.txt"), tombstone("a.txt", "done/a.txt")]
    done = await sink[2].step([record(one) for one in messages])
    assert done == Done(outcomes={"recorded": 4})
    query = "SELECT path, size, disposition, moved_to, disposed_at FROM files ORDER BY path"
    assert rows(tmp_path, query) == [
        ("a.txt", 512, "moved", "done/a.txt", at(9)),
        ("b.txt", 512, None, None, None),
    ]


@pytest.mark.parametrize("changes", [{"headers": ()}, {"value": b"{"}, {"key": None}])
async def test_nonsense_in_receipts_and_ledger_is_counted_and_passed_over(
    sink: Sink, tmp_path: Path, changes: dict[str, Any]
) -> None:
    for stage, good in ((sink[1], rejection_receipt("a")), (sink[2], entry("a"))):
        bad = record(good)._replace(**changes)
        done = await stage.step([bad, record(good)])
        assert done == Done((), {"recorded": 1, "rejected": 1}, {"bad_message": 1})
    assert rows(tmp_path, "SELECT version_id FROM files") == [(version("a"),)]


async def test_a_note_given_up_is_only_counted(sink: Sink) -> None:
    done = sink[2].give_up(record(entry("a")), "internal_error", "a bug")
    assert done == Done((), {"rejected": 1}, {"internal_error": 1})
