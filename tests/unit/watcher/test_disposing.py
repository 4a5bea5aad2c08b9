"""What becomes of a file whose outcome is known, and of one that has changed meanwhile."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk.errors import Unusable
from copydesk_schemas.headers import as_text
from tests.unit.watcher.desk import NO_TAGS, TOPICS, Desk, writing


async def test_a_stored_file_goes_to_done_under_its_path_and_the_ledger_forgets_it(
    desk: Desk,
) -> None:
    desk.put("sports/a.txt", b"a")
    await desk.until_published(("sports/a.txt", b"a"))
    await desk.answer("sports/a.txt")
    await desk.until(lambda: desk.names() == {"done/sports/a.txt"}, "disposal")
    await desk.until_disposed(1)
    (tombstone,) = await desk.tombstones()
    assert tombstone["ce_disposition"] == "moved"
    assert tombstone["ce_movedto"] == "done/sports/a.txt"
    (raw,) = await desk.records(TOPICS.raw.name)
    assert tombstone["ce_id"] == as_text(raw.headers)["ce_id"]


async def test_a_rejected_file_has_its_reason_beside_it(desk: Desk) -> None:
    desk.put("sports/a.txt", b"a")
    await desk.until_published(("sports/a.txt", b"a"))
    await desk.answer("sports/a.txt", "rejected", NO_TAGS)
    await desk.until(lambda: "rejected/sports/a.txt" in desk.names(), "disposal")
    explanation = json.loads((desk.inbox / "rejected/sports/a.txt.error.json").read_bytes())
    (raw,) = await desk.records(TOPICS.raw.name)
    assert explanation == {
        **NO_TAGS,
        "path": "sports/a.txt",
        "version_id": as_text(raw.headers)["ce_id"],
        "observed_at": as_text(raw.headers)["ce_time"],
    }


async def test_a_name_that_is_taken_is_never_overwritten(desk: Desk) -> None:
    for number, content in enumerate((b"one", b"two", b"two"), 1):
        desk.put("a.txt", content)
        await desk.until(lambda: desk.counted("copydesk_known_files") == 1, "version")
        await desk.answer("a.txt")
        await desk.until_disposed(number)
    assert sorted(desk.found().values()) == [b"one", b"two", b"two"]
    digest = "3fc4ccfe"  # sha256 of "two"
    assert desk.names() == {"done/a.txt", f"done/a.{digest}.txt", f"done/a.{digest}-2.txt"}


async def test_a_corrected_file_goes_back_beside_a_new_reason(desk: Desk) -> None:
    """Its user took it out of rejected/ and left the explanation there."""
    desk.put("a.txt", b"wrong")
    await desk.until_published(("a.txt", b"wrong"))
    await desk.answer("a.txt", "rejected", NO_TAGS)
    await desk.until_disposed(1)
    os.rename(desk.inbox / "rejected/a.txt", desk.inbox / "a.txt")
    await desk.until_published(("a.txt", b"wrong"), ("a.txt", b"wrong"))
    await desk.answer("a.txt", "rejected", {**NO_TAGS, "code": "empty"})
    both = {"rejected/a.txt", "rejected/a.txt.error.json"}
    await desk.until(lambda: desk.names() == both, "disposal")
    assert json.loads((desk.inbox / "rejected/a.txt.error.json").read_bytes())["code"] == "empty"


async def test_somebody_else_s_error_json_is_not_overwritten(desk: Desk) -> None:
    desk.put("rejected/a.txt.error.json", b"mine")
    desk.put("a.txt", b"wrong")
    await desk.until_published(("a.txt", b"wrong"))
    await desk.answer("a.txt", "rejected", NO_TAGS)
    await desk.until_disposed(1)
    assert desk.found()[b"rejected/a.txt.error.json"] == b"mine"
    assert len(desk.names()) == 3


async def test_a_name_of_255_bytes_is_shortened_for_its_explanation(desk: Desk) -> None:
    name = "n" * 251 + ".txt"
    desk.put(name, b"wrong")
    await desk.until_published((name, b"wrong"))
    await desk.answer(name, "rejected", NO_TAGS)
    await desk.until_disposed(1)
    file, explanation = sorted(desk.names())
    assert explanation == file + ".error.json"
    assert desk.found()[file.encode()] == b"wrong"


async def test_what_was_replaced_in_flight_stays_and_is_published(desk: Desk) -> None:
    desk.put("a.txt", b"old")
    await desk.until_published(("a.txt", b"old"))
    with writing(os.fsencode(desk.inbox / "a.txt")):  # the receipt comes while it is being written
        await desk.answer("a.txt")
        await desk.until(
            lambda: desk.counted("copydesk_files_disposed_total", disposition="put_back"), "a look"
        )
        (desk.inbox / "a.txt").write_bytes(b"newer")
    await desk.until_published(("a.txt", b"old"), ("a.txt", b"newer"))
    assert desk.found() == {b"a.txt": b"newer"}
    await desk.answer("a.txt")
    await desk.until(lambda: desk.found() == {b"done/a.txt": b"newer"}, "disposal")


async def test_a_receipt_of_a_version_that_was_replaced_moves_nothing(desk: Desk) -> None:
    desk.put("a.txt", b"old")
    await desk.until_published(("a.txt", b"old"))
    (old,) = await desk.records(TOPICS.raw.name)
    desk.put("a.txt", b"new")
    await desk.until_published(("a.txt", b"old"), ("a.txt", b"new"))
    await desk.answer_version(as_text(old.headers)["ce_id"], "a.txt", "superseded")
    desk.put("b.txt", b"b")
    await desk.until_published(("a.txt", b"old"), ("a.txt", b"new"), ("b.txt", b"b"))
    await desk.answer("b.txt")
    await desk.until(lambda: desk.names() == {"a.txt", "done/b.txt"}, "disposal of the other")


async def test_a_file_that_its_user_took_away_in_flight_is_forgotten_with_its_receipt(
    desk: Desk,
) -> None:
    desk.put("a.txt", b"a")
    await desk.until_published(("a.txt", b"a"))
    os.unlink(desk.inbox / "a.txt")
    assert await desk.tombstones() == []
    await desk.answer("a.txt")
    await desk.until_disposed(1)
    assert [t["ce_disposition"] for t in await desk.tombstones()] == ["vanished"]


async def test_delete_removes_what_is_stored_and_moves_what_is_rejected(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(after="delete")
    await desk.start()
    desk.put("good.txt", b"good")
    desk.put("bad.txt", b"bad")
    await desk.until_published(("good.txt", b"good"), ("bad.txt", b"bad"))
    await desk.answer("good.txt", "updated")
    await desk.answer("bad.txt", "rejected", NO_TAGS)
    expected = {"rejected/bad.txt", "rejected/bad.txt.error.json"}
    await desk.until(lambda: desk.names() == expected, "disposal")
    await desk.until_disposed(2)
    dispositions = {t["ce_disposition"] for t in await desk.tombstones()}
    assert dispositions == {"deleted", "rejected"}


async def test_keep_touches_nothing_and_takes_done_for_a_folder_like_any_other(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(after="keep", scan_seconds=0.05)
    desk.put("a.txt", b"a")
    desk.put("done/b.txt", b"b")
    before = [(e.name, e.stat().st_mtime_ns) for e in os.scandir(desk.inbox)]
    await desk.start()
    await desk.until_published(("a.txt", b"a"), ("done/b.txt", b"b"))
    await desk.answer("a.txt")
    await desk.answer("done/b.txt")
    await desk.scanned()
    assert [(e.name, e.stat().st_mtime_ns) for e in os.scandir(desk.inbox)] == before
    await desk.stop()
    await desk.start()
    await desk.scanned()
    await desk.until_published(("a.txt", b"a"), ("done/b.txt", b"b"))


async def test_what_was_kept_in_done_stays_there_when_files_are_moved_from_now_on(
    make_desk: Callable[..., Desk],
) -> None:
    desk = make_desk(after="keep")
    desk.put("a.txt", b"a")
    desk.put("done/b.txt", b"b")
    await desk.start()
    await desk.until_published(("a.txt", b"a"), ("done/b.txt", b"b"))
    await desk.stop()
    await desk.answer("done/b.txt")
    await desk.answer("a.txt")
    desk = make_desk(after="move")
    await desk.start()
    await desk.until_disposed(1)
    assert desk.names() == {"done/a.txt", "done/b.txt"}


async def test_keep_forgets_what_its_user_removed(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(after="keep", scan_seconds=0.05)
    desk.put("a.txt", b"a")
    desk.put("sub/b.txt", b"b")
    await desk.start()
    await desk.until_published(("a.txt", b"a"), ("sub/b.txt", b"b"))
    shutil.rmtree(desk.inbox / "sub")
    await desk.until(lambda: desk.counted("copydesk_known_files") == 1, "tombstone")
    (tombstone,) = await desk.tombstones()
    assert (tombstone["ce_subject"], tombstone["ce_disposition"]) == ("sub/b.txt", "vanished")


async def test_keep_forgets_nothing_when_the_whole_inbox_is_empty(
    make_desk: Callable[..., Desk],
) -> None:
    """It may be a file system that is not mounted."""
    desk = make_desk(after="keep", scan_seconds=0.05)
    desk.put("a.txt", b"a")
    await desk.start()
    await desk.until_published(("a.txt", b"a"))
    os.unlink(desk.inbox / "a.txt")
    await desk.scanned()
    await desk.scanned()
    assert await desk.tombstones() == []


async def test_a_file_that_cannot_be_moved_stays_is_named_once_and_tried_again(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copydesk.watcher.clearing.RETRY_SECONDS", 0.0)
    desk = make_desk(scan_seconds=0.05)
    obstacle = desk.put("done/sub", b"a file where the folder should be")
    await desk.start()
    desk.put("sub/a.txt", b"a")
    await desk.until_published(("sub/a.txt", b"a"))
    await desk.answer("sub/a.txt")
    await desk.until(lambda: desk.events("disposal_failed"), "a failure")
    await desk.scanned()
    await desk.until(lambda: desk.found().get(b"sub/a.txt") == b"a", "file in its place")
    assert len(desk.events("disposal_failed")) == 1
    os.unlink(obstacle)
    await desk.until(lambda: desk.found() == {b"done/sub/a.txt": b"a"}, "disposal")
    await desk.until_published(("sub/a.txt", b"a"))


async def test_why_a_file_was_rejected_is_read_again_where_nobody_remembers(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copydesk.watcher.clearing.RETRY_SECONDS", 0.0)
    monkeypatch.setattr("copydesk.watcher.receipts.MAX_REJECTIONS", 0)
    desk = make_desk(scan_seconds=0.05)
    obstacle = desk.put("rejected/sub", b"a file where the folder should be")
    await desk.start()
    desk.put("sub/a.txt", b"a")
    await desk.until_published(("sub/a.txt", b"a"))
    await desk.answer("sub/a.txt", "rejected", NO_TAGS)
    await desk.until(lambda: desk.events("disposal_failed"), "a failure")
    os.unlink(obstacle)
    await desk.until(lambda: "rejected/sub/a.txt" in desk.names(), "disposal")
    explanation = json.loads((desk.inbox / "rejected/sub/a.txt.error.json").read_bytes())
    assert explanation["code"] == "no_tags"


async def test_without_hard_links_files_are_renamed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    desk.put("done/a.txt", b"earlier")
    desk.put("a.txt", b"a")
    await desk.until_published(("a.txt", b"a"))
    await desk.answer("a.txt")
    digest = "ca978112"  # sha256 of "a"
    expected = {b"done/a.txt": b"earlier", b"done/a.%s.txt" % digest.encode(): b"a"}
    await desk.until(lambda: desk.found() == expected, "disposal")


async def test_an_inbox_that_is_a_file_is_refused(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = make_desk()
    desk.inbox.rmdir()
    desk.inbox.write_bytes(b"")
    with pytest.raises(Unusable, match="is no folder"):
        await desk.start()
    await desk.ended()


def replaced_before_staging(
    monkeypatch: pytest.MonkeyPatch, replace: Callable[[bytes], None], *, also_after: bool = False
) -> None:
    """At the last instant before a file is staged (and again after it) its user replaces it."""
    rename, done = os.rename, list[bytes]()

    def rename_late(source: bytes, target: bytes) -> None:
        staging = b"/staging/" in os.fsencode(target) and not done
        if staging:
            done.append(source)
            replace(source)
        rename(source, target)
        if staging and also_after:
            with open(source, "wb") as file:
                file.write(b"third")

    monkeypatch.setattr(os, "rename", rename_late)


def overwritten(path: bytes) -> None:
    """New content of the same size in the same inode, a moment later."""
    with open(path, "r+b") as file:
        file.write(b"two")


def disguised(path: bytes) -> None:
    """The same, with the old times."""
    status = os.stat(path)
    overwritten(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replaced(path: bytes) -> None:
    """New content, renamed over the old."""
    with open(path + b".tmp", "wb") as file:
        file.write(b"two")
    os.replace(path + b".tmp", path)


@pytest.mark.parametrize(
    ("replace", "racy_ns"), [(overwritten, 0), (overwritten, 2), (disguised, 2), (replaced, 2)]
)
async def test_content_that_came_at_the_last_instant_is_put_back_and_published(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, replace: Callable[[bytes], None], racy_ns: int
) -> None:
    monkeypatch.setattr("copydesk.watcher.known.RACY_NS", racy_ns * 1_000_000_000)
    desk.put("a.txt", b"one")
    await desk.until_published(("a.txt", b"one"))
    replaced_before_staging(monkeypatch, replace)
    await desk.answer("a.txt")
    await desk.until_published(("a.txt", b"one"), ("a.txt", b"two"))
    assert desk.found() == {b"a.txt": b"two"}
    await desk.answer("a.txt")
    await desk.until(lambda: desk.found() == {b"done/a.txt": b"two"}, "disposal")


async def test_content_that_is_staged_when_its_name_is_taken_is_published_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put("a.txt", b"one")
    await desk.until_published(("a.txt", b"one"))
    replaced_before_staging(monkeypatch, replaced, also_after=True)
    await desk.answer("a.txt")
    await desk.until_published(("a.txt", b"one"), ("a.txt", b"two"), ("a.txt", b"third"))
    assert [data for _, data in await desk.published()] == [b"one", b"two", b"third"]
    await desk.until(lambda: desk.found() == {b"a.txt": b"third"}, "an empty staging")


async def test_the_highest_observed_at_outlives_the_last_entry(desk: Desk) -> None:
    """Compaction drops entries that have a tombstone; the owner's record stays."""
    desk.put("a.txt", b"a")
    await desk.until_published(("a.txt", b"a"))
    await desk.answer("a.txt")
    await desk.until_disposed(1)
    (raw,) = await desk.records(TOPICS.raw.name)
    owners = [r.value for r in await desk.records(TOPICS.ledger.name) if r.key == b"inbox/"]
    owner = json.loads(owners[-1] or b"")
    assert owner["highest_observed_at"] == as_text(raw.headers)["ce_time"]
