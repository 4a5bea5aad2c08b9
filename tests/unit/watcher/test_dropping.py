"""Every way to drop a file: each content is published once, whole, and only when it is finished."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk_schemas.headers import as_text
from tests.unit.watcher.desk import TOPICS, Desk, writing

HOSTILE = [
    b"two words.txt",
    b"line\nbreak.txt",
    b"not \xff\xfe utf-8.txt",
    b"100%25.txt",
    b"-rf",
    b"'\"$(id)`.txt",
    "überschrift \u202egpj.txt".encode(),
    b"x" * 255,
]


async def test_a_file_written_in_place_is_published_byte_for_byte(desk: Desk) -> None:
    desk.put("a.txt", b"one\r\n\x00\xff")
    await desk.until_published(("a.txt", b"one\r\n\x00\xff"))


async def test_an_empty_file_is_published_as_no_bytes_not_as_a_tombstone(desk: Desk) -> None:
    desk.put("empty.txt", b"")
    await desk.until_published(("empty.txt", b""))
    (record,) = await desk.records(TOPICS.raw.name)
    assert record.value == b""


async def test_cp_and_mv_and_ln(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("copied", "moved", "linked"):
        (outside / name).write_bytes(name.encode())
    for command in ("cp -p copied", "mv moved", "ln linked"):
        process = await asyncio.create_subprocess_exec(*command.split(), desk.inbox, cwd=outside)
        assert await process.wait() == 0
    await desk.until_published(("copied", b"copied"), ("moved", b"moved"), ("linked", b"linked"))


async def test_an_editor_that_saves_by_rename_publishes_each_save(desk: Desk) -> None:
    desk.put("a.txt", b"first")
    await desk.until_published(("a.txt", b"first"))
    draft = desk.put("a.txt~", b"second")
    desk.put(".a.txt.swp", b"noise")
    desk.put("#a.txt#", b"noise")
    os.replace(draft, desk.inbox / "a.txt")
    await desk.until_published(("a.txt", b"first"), ("a.txt", b"second"))


async def test_rsync_s_temporary_name_is_not_taken(desk: Desk) -> None:
    with writing(desk.put(".a.txt.Xy12Zq", b"half")) as file:
        os.write(file, b"whole")
    os.replace(desk.inbox / ".a.txt.Xy12Zq", desk.inbox / "a.txt")
    await desk.until_published(("a.txt", b"whole"))


async def test_a_slow_writer_is_waited_for_also_across_a_restart(desk: Desk) -> None:
    location = os.fsencode(desk.inbox / "slow.txt")
    with writing(location) as file:
        os.write(file, b"the first half, ")
        desk.put("other.txt", b"other")
        await desk.until_published(("other.txt", b"other"))
        await desk.stop()
        await desk.start()
        await desk.until(lambda: desk.events("scan_finished")[1:], "a second scan")
        assert desk.counted("copydesk_files_skipped_total", reason="busy") > 0
        await desk.until_published(("other.txt", b"other"))
        os.write(file, b"the second half")
    await desk.until_published(
        ("other.txt", b"other"), ("slow.txt", b"the first half, the second half")
    )


async def test_a_folder_is_moved_in_with_all_that_is_below_it(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "agency" / "europe").mkdir(parents=True)
    (tmp_path / "agency" / "a.txt").write_bytes(b"a")
    (tmp_path / "agency" / "europe" / "b.txt").write_bytes(b"b")
    shutil.move(tmp_path / "agency", desk.inbox)
    await desk.until_published(("agency/a.txt", b"a"), ("agency/europe/b.txt", b"b"))
    desk.put("agency/europe/c.txt", b"later")
    await desk.until_published(
        ("agency/a.txt", b"a"), ("agency/europe/b.txt", b"b"), ("agency/europe/c.txt", b"later")
    )


async def test_a_folder_that_is_renamed_goes_on_being_watched(desk: Desk) -> None:
    desk.put("old/a.txt", b"a")
    await desk.until_published(("old/a.txt", b"a"))
    os.rename(desk.inbox / "old", desk.inbox / "new")
    await desk.until_published(("old/a.txt", b"a"), ("new/a.txt", b"a"))
    desk.put("new/b.txt", b"b")
    await desk.until_published(("old/a.txt", b"a"), ("new/a.txt", b"a"), ("new/b.txt", b"b"))


async def test_what_lay_there_before_the_start_is_taken(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.put("a.txt", b"a")
    desk.put("deep/down/b.txt", b"b")
    await desk.start()
    await desk.until_published(("a.txt", b"a"), ("deep/down/b.txt", b"b"))


@pytest.mark.parametrize("name", HOSTILE)
async def test_any_name_goes_there_and_back(desk: Desk, name: bytes) -> None:
    desk.put(name, b"content")
    await desk.until_published((name, b"content"))
    await desk.answer(name)
    await desk.until(lambda: desk.found() == {b"done/" + name: b"content"}, "disposal")


async def test_a_file_without_events_is_found_by_a_scan(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copydesk.watcher.inotify.Inotify.__init__", _no_inotify)
    desk = make_desk(scan_seconds=0.05)
    await desk.start()
    desk.put("sub/a.txt", b"a")
    await desk.until_published(("sub/a.txt", b"a"))
    assert "no more of these" in desk.events("watcher_polls")[0]["why"]


async def test_more_events_than_are_kept_lead_to_a_scan(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copydesk.watcher.hints.MAX_HINTS", 3)
    desk = make_desk()
    await desk.start()
    for number in range(50):
        desk.put(f"{number}.txt", b"%d" % number)
    await desk.until_published(*((f"{number}.txt", b"%d" % number) for number in range(50)))


async def test_a_touched_file_in_flight_is_not_published_again(desk: Desk) -> None:
    desk.put("a.txt", b"a")
    await desk.until_published(("a.txt", b"a"))
    desk.age("a.txt")
    entries = await desk.until_entered("a.txt", times=2)
    assert len({entry["version_id"] for entry in entries}) == 1
    await desk.until_published(("a.txt", b"a"))
    await desk.answer("a.txt")
    await desk.until(lambda: desk.names() == {"done/a.txt"}, "disposal")


async def test_the_same_bytes_dropped_again_in_flight_wait_for_the_same_receipt(desk: Desk) -> None:
    desk.put("a.txt", b"a")
    await desk.until_published(("a.txt", b"a"))
    os.replace(desk.put("a.tmp", b"a"), desk.inbox / "a.txt")
    await desk.until_entered("a.txt", times=2)
    await desk.answer("a.txt")
    await desk.until(lambda: desk.names() == {"done/a.txt"}, "disposal")
    await desk.until_published(("a.txt", b"a"))


async def test_new_content_of_the_same_size_and_times_is_noticed(
    make_desk: Callable[..., Desk],
) -> None:
    """The times of a file that was just written say nothing: it is read again at the next scan."""
    desk = make_desk(scan_seconds=0.05)
    await desk.start()
    desk.put("a.txt", b"one")
    await desk.until_published(("a.txt", b"one"))
    await desk.until(lambda: desk.counted("copydesk_known_files") == 1, "one")
    for _ in range(60):
        await desk.scanned()
        if len(await desk.entries("a.txt")) > 1:
            break
    entries = await desk.entries("a.txt")
    assert len(entries) == 2, "read again once, and then trusted"
    assert entries[0]["version_id"] == entries[1]["version_id"]


async def test_a_file_that_is_too_large_is_rejected_unread(desk: Desk) -> None:
    desk.put("big.txt", b"x" * ((1 << 20) + 1))
    await desk.until(lambda: "rejected/big.txt" in desk.names(), "rejection")
    assert "rejected/big.txt.error.json" in desk.names()
    (record,) = await desk.records(TOPICS.rejected.name)
    assert record.value is None
    assert as_text(record.headers)["ce_code"] == "too_large"
    assert await desk.published() == []
    assert desk.counted("copydesk_rejections_total", stage="watcher", code="too_large") == 1


async def test_a_file_of_exactly_one_mebibyte_is_taken(desk: Desk) -> None:
    desk.put("full.txt", b"x" * (1 << 20))
    await desk.until_published(("full.txt", b"x" * (1 << 20)))


async def test_a_symlink_a_pipe_and_a_link_to_a_folder_are_left_alone_and_named_once(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = make_desk(scan_seconds=0.05)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_bytes(b"secret")
    os.symlink(tmp_path / "outside" / "secret.txt", desk.inbox / "link.txt")
    os.symlink(tmp_path / "outside", desk.inbox / "folder")
    os.mkfifo(desk.inbox / "pipe")
    await desk.start()
    await desk.scanned()
    await desk.scanned()
    desk.put("a.txt", b"a")
    await desk.until_published(("a.txt", b"a"))
    skipped = sorted((e["reason"], e["path"]) for e in desk.events("files_skipped"))
    assert skipped == [("not_regular", "pipe"), ("symlink", "folder"), ("symlink", "link.txt")]


async def test_patterns_say_which_files_are_taken(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(include=("*.txt", "*.gz"), exclude=("drafts/*", "old*"))
    for path in ("a.txt", "b.gz", "c.md", "drafts/d.txt", "drafts/deep/e.txt", "f/old.txt"):
        desk.put(path, path.encode())
    await desk.start()
    await desk.until_published(("a.txt", b"a.txt"), ("b.gz", b"b.gz"))


async def test_a_file_that_becomes_readable_is_taken_then(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def refuse(path: bytes | str, *arguments: int, **options: int) -> int:
        if os.fsencode(path).endswith(b"secret.txt") and os.stat(path).st_mode & 0o444 == 0:
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)  # the super-user may read everything
    desk = make_desk()
    (desk.inbox / "secret.txt").write_bytes(b"secret")
    (desk.inbox / "secret.txt").chmod(0)
    await desk.start()
    await desk.until(lambda: desk.events("files_skipped"), "a word")
    (skipped,) = desk.events("files_skipped")
    assert (skipped["reason"], skipped["path"]) == ("unreadable", "secret.txt")
    (desk.inbox / "secret.txt").chmod(0o644)
    await desk.until_published(("secret.txt", b"secret"))


async def test_without_leases_a_file_is_taken_once_it_was_left_alone(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EINVAL, "no leases here")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    desk = make_desk(settle_seconds=0.3)
    await desk.start()
    written = time.time()
    desk.put("a.txt", b"a")
    await desk.until_published(("a.txt", b"a"))
    assert time.time() - written >= 0.3
    assert desk.counted("copydesk_files_skipped_total", reason="settling") > 0
    await desk.answer("a.txt")
    await desk.until(lambda: desk.names() == {"done/a.txt"}, "disposal")


async def test_observed_at_never_steps_back_even_with_the_clock(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put("a.txt", b"a")
    await desk.until_published(("a.txt", b"a"))
    await desk.answer("a.txt")
    await desk.until(lambda: desk.names() == {"done/a.txt"}, "disposal")
    await desk.stop()
    monkeypatch.setattr("copydesk.watcher.ledger.time.time_ns", lambda: 1_000_000_000)
    await desk.start()
    desk.put("b.txt", b"b")
    desk.put("c.txt", b"c")
    await desk.until_published(("a.txt", b"a"), ("b.txt", b"b"), ("c.txt", b"c"))
    times = [as_text(record.headers)["ce_time"] for record in await desk.records(TOPICS.raw.name)]
    assert times == sorted(set(times))


def _no_inotify(_: object) -> None:
    raise OSError("no more of these")
