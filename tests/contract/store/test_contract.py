"""What every store promises (`sink/store.py`)."""

from __future__ import annotations

import itertools
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import pytest

from copydesk.sink.event import Event
from copydesk.sink.store import Archive, Disposed, Observed, RejectedFile, Store
from tests.unit.sink.events import article, article_id, at, event, version

NOW = at(100)


class Storage(Protocol):
    def store(self) -> AbstractAsyncContextManager[Store]: ...
    def archive(self) -> AbstractAsyncContextManager[Archive]: ...
    async def rows(self, query: str) -> list[dict[str, Any]]: ...


def observed(name: str, second: float = 0) -> Observed:
    return Observed(version(name), "inbox", name, 512, "ab" * 32, at(second), at(second))


def rejected(name: str, second: float = 5) -> RejectedFile:
    return RejectedFile(
        version_id=version(name),
        inbox="inbox",
        path=name,
        at=at(second),
        code="bad_date",
        reason="There is no such day.",
        field="PUBLISHED_DATE",
        line=2,
    )


def disposed(name: str, moved_to: str | None, second: float = 9) -> Disposed:
    return Disposed(version(name), "inbox", name, "moved", moved_to, at(second))


async def outcomes(storage: Storage, *batches: list[Event]) -> list[str]:
    async with storage.store() as store:
        return [
            answer.outcome
            for batch in batches
            for answer in await store.record_articles(batch, NOW)
        ]


async def test_an_article_is_a_row_with_every_field_of_its_event(storage: Storage) -> None:
    of = article(second=1)
    await outcomes(storage, [event(second=1)])
    (row,) = await storage.rows("SELECT * FROM articles")
    for name in ("id", "revision", "title", "url", "canonical_url", "site", "published_date"):
        assert row[name] == of[name]
    assert row["authors"] == '["Wenna Castellane","Piotr Osei"]'
    assert row["content"] == '["The ferry sails.","Nobody “waits” on the quay."]'
    assert (row["source_path"], row["source_bytes"]) == ("ferry-1.txt", 416)
    assert row["first_observed_at"] == row["last_observed_at"] == at(1)
    assert row["revision_count"] == 1
    assert row["published_at"] is None


async def test_each_change_has_its_outcome_and_each_state_its_row(storage: Storage) -> None:
    events = [
        [event(text="One.", second=1), event("other", second=1)],
        [event(text="Two.", second=3), event(text="Two.", second=4)],
        [event(text="Half.", second=2)],
        [event(text="One.", second=5)],
    ]
    assert await outcomes(storage, *events) == [
        *("stored", "stored", "updated", "unchanged", "superseded", "updated"),
    ]
    (row,) = await storage.rows(f"SELECT * FROM articles WHERE id = '{article_id('ferry')}'")
    assert (row["title"], row["revision_count"], row["first_observed_at"]) == ("One", 3, at(1))
    assert row["last_observed_at"] == at(5)
    assert row["source_observed_at"] == at(1)


LAW = [
    event(text="One.", second=1),
    event(text="Two.", second=2),
    event(text="One.", second=3, generation=2),
    event(text="One.", second=4),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(LAW)))))
async def test_rows_do_not_depend_on_the_order_of_arrival(
    storage: Storage, order: tuple[int, ...]
) -> None:
    arrivals = [LAW[number] for number in order]
    await outcomes(storage, arrivals[:1], arrivals[1:3], arrivals, arrivals[2:])
    (row,) = await storage.rows("SELECT * FROM articles")
    assert (row["title"], row["last_version_id"]) == ("One", LAW[3].source_version_id)
    assert row["source_version_id"] == LAW[0].source_version_id
    revisions = await storage.rows("SELECT * FROM revisions ORDER BY source_observed_at")
    assert [(one["title"], one["current"]) for one in revisions] == [("One", 1), ("Two", 0)]
    assert [one["last_observed_at"] for one in revisions] == [at(4), at(2)]
    assert [one["parser_generation"] for one in revisions] == [1, 1]


async def test_a_redelivery_is_told_what_the_first_was_and_changes_nothing(
    storage: Storage,
) -> None:
    batch = [event(text="One.", second=1), event(text="Two.", second=2), event("other", second=1)]
    async with storage.store() as store:
        first = await store.record_articles(batch, NOW)
        tables = [await storage.rows(f"SELECT * FROM {name}") for name in ("articles", "files")]
    async with storage.store() as store:
        again = await store.record_articles([*reversed(batch), batch[0]], at(200))
    assert [answer._replace(fresh=True) for answer in again] == [*reversed(first), first[0]]
    assert {answer.fresh for answer in first} == {True}
    assert {answer.fresh for answer in again} == {False}
    assert tables == [await storage.rows(f"SELECT * FROM {name}") for name in ("articles", "files")]


async def test_a_later_generation_of_the_parser_changes_the_row_and_not_the_outcome(
    storage: Storage,
) -> None:
    old = event(text="Mr. A.", second=1, of="one")
    new = event(text="Mr A.", second=1, of="one", generation=2)
    assert await outcomes(storage, [old], [new]) == ["stored", "stored"]
    (row,) = await storage.rows("SELECT * FROM articles")
    assert row["title"] == "Mr A"


async def test_a_version_that_was_rejected_is_not_stored_after_all(storage: Storage) -> None:
    async with storage.store() as store:
        await store.record_files(rejected=[rejected("a.txt")])
        (answer,) = await store.record_articles([event(of="a.txt")], NOW)
    assert (answer.outcome, answer.at, answer.fresh) == ("rejected", at(5), False)
    assert answer.rejection == {
        "code": "bad_date",
        "reason": "There is no such day.",
        "field": "PUBLISHED_DATE",
        "line": 2,
    }
    assert await storage.rows("SELECT * FROM articles") == []


async def test_more_rows_than_a_statement_takes_are_all_written(storage: Storage) -> None:
    batch = [event(f"n{number}") for number in range(700)]
    assert await outcomes(storage, batch) == ["stored"] * 700
    (row,) = await storage.rows("SELECT count(*) AS n, min(title) AS t FROM articles")
    assert row == {"n": 700, "t": "The ferry sails"}


async def test_nothing_to_record_is_nothing(storage: Storage) -> None:
    async with storage.store() as store:
        assert list(await store.record_articles([], NOW)) == []
        await store.record_files()
    assert await storage.rows("SELECT * FROM files") == []


NOTES = {
    "observed": {"observed": [observed("a.txt")]},
    "rejected": {"rejected": [rejected("a.txt")]},
    "disposed": {"disposed": [disposed("a.txt", "rejected/a.txt")]},
}


@pytest.mark.parametrize("order", list(itertools.permutations(NOTES)))
async def test_a_file_has_one_row_whatever_comes_first_and_however_often(
    storage: Storage, order: tuple[str, ...]
) -> None:
    async with storage.store() as store:
        for name in (*order, *order):
            await store.record_files(**NOTES[name])  # type: ignore[arg-type]
    (row,) = await storage.rows("SELECT * FROM files")
    assert row == {
        "version_id": version("a.txt"),
        "inbox": "inbox",
        "path": "a.txt",
        "size": 512,
        "sha256": "ab" * 32,
        "closed_at": at(0),
        "observed_at": at(0),
        "outcome": "rejected",
        "code": "bad_date",
        "reason": "There is no such day.",
        "field": "PUBLISHED_DATE",
        "line": 2,
        "article_id": None,
        "revision": None,
        "settled_at": at(5),
        "disposition": "moved",
        "moved_to": "rejected/a.txt",
        "disposed_at": at(9),
    }


async def test_what_is_known_of_a_file_stays(storage: Storage) -> None:
    async with storage.store() as store:
        await store.record_articles([event(of="a.txt")], NOW)
        await store.record_files([observed("a.txt", 50)])
        await store.record_files(rejected=[rejected("a.txt")])
        await store.record_files(disposed=[disposed("a.txt", "done/a.txt")])
        await store.record_files(disposed=[disposed("a.txt", "elsewhere")])
    (row,) = await storage.rows("SELECT * FROM files")
    assert (row["outcome"], row["code"], row["moved_to"]) == ("stored", None, "done/a.txt")
    assert (row["observed_at"], row["size"]) == (at(0), 416)


async def test_the_archive_finds_versions_by_path_place_id_and_article(storage: Storage) -> None:
    async with storage.store() as store, storage.archive() as archive:
        await store.record_files([observed("b.txt", 3), observed("a.txt", 2)])
        await store.record_articles([event(of="a.txt", second=2)], NOW)
        await store.record_files(disposed=[disposed("a.txt", "done/a.txt")])
        by_path = await archive.files_of_path("inbox", "a.txt")
        assert [row.version_id for row in by_path] == [version("a.txt")]
        assert list(await archive.files_of_path("inbox", "done/a.txt")) == list(by_path)
        assert list(await archive.files([version("a.txt"), "unknown"])) == list(by_path)
        assert list(await archive.files_of_article(article_id("ferry"))) == list(by_path)
        assert await archive.files_of_path("another", "a.txt") == []
        (revision,) = await archive.revisions(article_id("ferry"))
        assert (revision.title, revision.current) == ("The ferry sails", True)


async def test_the_archive_has_what_each_state_of_an_article_says(storage: Storage) -> None:
    events = [event(text="One.", second=2), event(text="Two.", second=1)]
    async with storage.store() as store, storage.archive() as archive:
        await store.record_articles(events, NOW)
        revisions = [one.revision for one in events]
        texts = await archive.texts(article_id("ferry"), [*revisions, "unknown"])
        assert [text.revision for text in texts] == revisions[::-1]
        assert await archive.texts(article_id("ferry"), revisions[:1]) == texts[1:]
        assert await archive.texts(article_id("other"), revisions) == []
    of = article(text="Two.", second=1)
    (text, _) = texts
    assert text._asdict() == {
        **{name: of.get(name) for name in text._fields},
        "published_at": None,
    }


async def test_versions_of_a_path_come_oldest_first(storage: Storage) -> None:
    versions = [observed("x", second)._replace(version_id=version(second)) for second in (2, 1, 3)]
    async with storage.store() as store, storage.archive() as archive:
        await store.record_files(versions)
        found = await archive.files_of_path("inbox", "x")
    assert [row.observed_at for row in found] == [at(1), at(2), at(3)]


async def test_the_archive_counts_by_outcome_and_code(storage: Storage) -> None:
    async with storage.store() as store, storage.archive() as archive:
        await store.record_files(
            [observed("a", 1), observed("b", 3), observed("c", 2)], [rejected("a")]
        )
        await store.record_articles([event(second=1), event(second=2)], NOW)
        survey = await archive.survey([version("a"), "unknown"], 1)
        flying = await archive.in_flight()
    assert survey.tally.outcomes == {"rejected": 1, "stored": 1, "unchanged": 1}
    assert survey.tally.codes == {"bad_date": 1}
    assert survey.tally.in_flight == 2
    assert [row.path for row in survey.files] == ["a"]
    assert [row.path for row in survey.oldest] == ["c"]
    assert flying == (2, at(2))


async def test_what_stands_at_a_path_is_its_newest_version_not_disposed_of(
    storage: Storage,
) -> None:
    async with storage.store() as store, storage.archive() as archive:
        await store.record_files([observed("a"), observed("b")], disposed=[disposed("b", "done/b")])
        newer = observed("a", 7)._replace(version_id=version("newer"), size=1)
        await store.record_files([newer])
        standing = await archive.standing("inbox", ["a", "b", "c"])
    assert {path: known.size for path, known in standing.items()} == {"a": 1}
