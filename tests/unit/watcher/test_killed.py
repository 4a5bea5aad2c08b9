"""kill -9 at each instant: the state on the disk that it leaves, what the next start makes of it.

Each test builds the folder and the log as they stand at that instant.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.unit.watcher.desk import NO_TAGS, Desk

PUBLISHED = ("a.txt", b"a")


@pytest.fixture
async def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A watcher that was killed when it had published a.txt."""
    made = make_desk()
    await made.start()
    made.put("a.txt", b"a")
    await made.until_published(PUBLISHED)
    await made.stop()
    return made


def stage(desk: Desk, path: str = "a.txt") -> bytes:
    staged = desk.inbox / ".copydesk/staging" / path
    os.rename(desk.inbox / path, staged)
    return os.fsencode(staged)


def folder(desk: Desk, name: str) -> bytes:
    os.makedirs(desk.inbox / name, exist_ok=True)
    return os.fsencode(desk.inbox / name)


def write(location: bytes, data: bytes) -> None:
    with open(location, "wb") as file:
        file.write(data)


async def test_published_and_the_receipt_came_while_nobody_watched(desk: Desk) -> None:
    await desk.answer("a.txt")
    await desk.start()
    await desk.until(lambda: desk.found() == {b"done/a.txt": b"a"}, "disposal")
    await desk.until_published(PUBLISHED)


async def test_published_and_no_receipt_yet(desk: Desk) -> None:
    await desk.start()
    await desk.until(lambda: desk.events("scan_finished"), "a scan")
    assert desk.found() == {b"a.txt": b"a"}
    await desk.until_published(PUBLISHED)
    await desk.answer("a.txt")
    await desk.until(lambda: desk.found() == {b"done/a.txt": b"a"}, "disposal")


async def test_staged_with_its_receipt(desk: Desk) -> None:
    await desk.answer("a.txt")
    stage(desk)
    await desk.start()
    await desk.until(lambda: desk.found() == {b"done/a.txt": b"a"}, "disposal")
    await desk.until_published(PUBLISHED)


async def test_staged_with_no_entry_in_the_ledger(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.put(".copydesk/staging/sub/b.txt", b"b")
    await desk.start()
    await desk.until_published(("sub/b.txt", b"b"))
    assert desk.found() == {b"sub/b.txt": b"b"}


async def test_staged_and_a_newer_file_has_its_name(desk: Desk) -> None:
    """What is staged is in the log already, so it goes; the newer one is published."""
    stage(desk)
    desk.put("a.txt", b"newer")
    await desk.start()
    await desk.until_published(PUBLISHED, ("a.txt", b"newer"))
    await desk.until(lambda: desk.found() == {b"a.txt": b"newer"}, "an empty staging")


async def test_staged_with_content_that_nobody_read_and_a_newer_file_has_its_name(
    desk: Desk,
) -> None:
    """What is staged is the older of two versions: published first, then removed."""
    staged = stage(desk)
    write(staged, b"second")
    desk.put("a.txt", b"third")
    await desk.start()
    await desk.until_published(PUBLISHED, ("a.txt", b"second"), ("a.txt", b"third"))
    assert [data for _, data in await desk.published()] == [b"a", b"second", b"third"]
    await desk.until(lambda: desk.found() == {b"a.txt": b"third"}, "an empty staging")
    await desk.answer("a.txt")
    await desk.until(lambda: desk.found() == {b"done/a.txt": b"third"}, "disposal")


async def test_staged_too_large_to_be_in_the_log_and_a_newer_file_has_its_name(desk: Desk) -> None:
    """Its bytes are nowhere else: it is moved to the rejected ones, not removed."""
    staged = stage(desk)
    large = b"x" * ((1 << 20) + 1)
    write(staged, large)
    desk.put("a.txt", b"third")
    await desk.start()
    await desk.until_published(PUBLISHED, ("a.txt", b"third"))
    await desk.until(lambda: desk.found().get(b"rejected/a.txt") == large, "rejection")
    assert desk.found()[b"a.txt"] == b"third"


async def test_staged_and_linked_into_done(desk: Desk) -> None:
    await desk.answer("a.txt")
    os.link(stage(desk), folder(desk, "done") + b"/a.txt")
    await desk.start()
    await desk.until(lambda: desk.found() == {b"done/a.txt": b"a"}, "disposal")
    await desk.until_published(PUBLISHED)


async def test_moved_to_done_and_no_tombstone_yet(desk: Desk) -> None:
    await desk.answer("a.txt")
    os.rename(stage(desk), folder(desk, "done") + b"/a.txt")
    await desk.start()
    await desk.until_disposed(1)
    assert desk.found() == {b"done/a.txt": b"a"}
    (tombstone,) = await desk.tombstones()
    assert (tombstone["ce_disposition"], tombstone["ce_movedto"]) == ("moved", "done/a.txt")


async def test_moved_to_a_varied_name_in_done_and_no_tombstone_yet(desk: Desk) -> None:
    await desk.answer("a.txt")
    desk.put("done/a.txt", b"earlier")
    os.rename(stage(desk), folder(desk, "done") + b"/a.ca978112.txt")
    await desk.start()
    await desk.until(lambda: desk.events("watcher_started")[1:], "a start")
    await desk.until(
        lambda: desk.counted("copydesk_files_disposed_total", disposition="moved"), "tombstone"
    )
    (tombstone,) = await desk.tombstones()
    assert tombstone["ce_movedto"] == "done/a.ca978112.txt"


async def test_explained_and_still_staged(desk: Desk) -> None:
    await desk.answer("a.txt", "rejected", NO_TAGS)
    stage(desk)
    explanation = b'{"path": "a.txt", "version_id": "of an earlier try"}'
    desk.put("rejected/a.txt.error.json", explanation)
    await desk.start()
    await desk.until(lambda: "rejected/a.txt" in desk.names(), "disposal")
    assert desk.names() == {"rejected/a.txt", "rejected/a.txt.error.json"}
    assert b"no_tags" in desk.found()[b"rejected/a.txt.error.json"]


async def test_deleted_and_no_tombstone_yet(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(after="delete")
    await desk.start()
    desk.put("a.txt", b"a")
    await desk.until_published(PUBLISHED)
    await desk.stop()
    await desk.answer("a.txt")
    os.unlink(desk.inbox / "a.txt")
    await desk.start()
    await desk.until(
        lambda: desk.counted("copydesk_files_disposed_total", disposition="deleted"), "tombstone"
    )


async def test_moved_to_done_and_the_same_bytes_dropped_again_before_the_next_start(
    desk: Desk,
) -> None:
    await desk.answer("a.txt")
    os.rename(stage(desk), folder(desk, "done") + b"/a.txt")
    desk.put("a.txt", b"a")
    await desk.start()
    await desk.until(lambda: "a.txt" not in desk.names(), "disposal")
    assert set(desk.found().values()) == {b"a"}
    assert len(desk.found()) == 2
