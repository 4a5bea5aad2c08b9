"""Scans, hints and mounts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk.watcher import hints as hints_module
from copydesk.watcher.closed import Skipped
from copydesk.watcher.events import FolderEvents
from copydesk.watcher.hints import Hints
from copydesk.watcher.known import is_quiet, pack, signature
from copydesk.watcher.mounts import type_elsewhere
from copydesk.watcher.names import Names
from copydesk.watcher.scan import SLICE_ENTRIES, Finding, Found, Gone, Pause, Scan, Walk

LONG_AGO = 1


def walked(root: Path, known: dict[bytes, bytes], *, forget: bool = False) -> list[Finding]:
    scan = Scan(
        os.fsencode(root),
        Names(("*",), (), "move"),
        known,
        lambda _: None,
        quiet=lambda flags: is_quiet(flags, disposes=True),
        forget=forget,
    )
    walk, found = Walk(scan, b""), list[Finding]()
    while (finding := walk.next()) is not None:
        found.append(finding)
    return found


def known_of(root: Path, *names: str) -> dict[bytes, bytes]:
    return {
        name.encode(): pack(signature((root / name).stat()), bytes(16), 0, bytes(32), LONG_AGO)
        for name in names
    }


def test_only_what_is_new_or_changed_is_found(tmp_path: Path) -> None:
    for name in ("same", "changed", "new"):
        (tmp_path / name).write_bytes(b"one")
    known = known_of(tmp_path, "same", "changed")
    (tmp_path / "changed").write_bytes(b"more")
    assert sorted(walked(tmp_path, known)) == [Found(b"changed"), Found(b"new")]


def test_a_known_file_that_is_gone_is_found_where_that_matters(tmp_path: Path) -> None:
    for name in ("here", "gone"):
        (tmp_path / name).touch()
    known = known_of(tmp_path, "here", "gone")
    (tmp_path / "gone").unlink()
    assert walked(tmp_path, known) == []
    assert Gone(b"gone") in walked(tmp_path, known, forget=True)


def test_folders_that_are_links_hidden_or_its_own_are_not_entered(tmp_path: Path) -> None:
    for folder in ("done", "rejected", ".copydesk/staging", ".git"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.txt").touch()
    os.symlink("/etc", tmp_path / "link")
    assert walked(tmp_path, {}) == [Skipped(b"link", "symlink")]


def test_a_large_folder_is_walked_with_pauses(tmp_path: Path) -> None:
    for number in range(SLICE_ENTRIES + 1):
        os.mknod(tmp_path / str(number))
    known = known_of(tmp_path, *(str(number) for number in range(SLICE_ENTRIES + 1)))
    assert walked(tmp_path, known) == [Pause()]


def test_an_inbox_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        walked(tmp_path / "gone", {})


def test_hints_that_do_not_fit_become_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints_module, "MAX_HINTS", 2)
    hints = Hints(lambda: None)
    hints.scan_at = float("inf")
    for name in (b"a", b"b", b"c"):
        hints.file(name)
    assert hints.take_files(10) == [(b"a", True), (b"b", True)]
    assert hints.seconds_to_next() == 0.0


def test_a_file_that_was_made_and_then_closed_is_one_hint() -> None:
    hints = Hints(lambda: None)
    hints.file(b"a", finished=False)
    hints.file(b"a")
    hints.file(b"a", finished=False)
    assert hints.take_files(10) == [(b"a", True)]


def test_a_waiting_file_comes_when_it_is_due_and_its_signature_ages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [100.0]
    monkeypatch.setattr("copydesk.watcher.hints.time.monotonic", lambda: clock[0])
    hints = Hints(lambda: None)
    hints.scan_at = float("inf")
    hints.later(b"a", 10, b"one")
    assert hints.take_files(10) == []
    assert hints.seconds_to_next() == 10
    clock[0] = 110.0
    assert hints.take_files(10) == [(b"a", True)]
    assert hints.unchanged_for(b"a", b"one") == 10
    assert hints.unchanged_for(b"a", b"two") == 0
    hints.later(b"a", 10, b"two")
    assert hints.unchanged_for(b"a", b"two") == 0


MOUNTS = rb"""22 1 254:0 / / rw - ext4 /dev/vda rw
30 22 0:41 / /srv/news rw - nfs4 server:/news rw
31 22 0:42 / /srv/with\040blank rw - fuse.sshfs host:/x rw
32 30 0:43 / /srv/news/local rw - xfs /dev/sdb rw
33 22 0:44 / /mnt/usb rw - fuseblk /dev/sdc rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        (b"/home/inbox", None),
        (b"/srv/news", "nfs4"),
        (b"/srv/news/inbox", "nfs4"),
        (b"/srv/newspapers", None),
        (b"/srv/news/local/inbox", None),
        (b"/srv/with blank/inbox", "fuse.sshfs"),
        (b"/mnt/usb", None),
    ],
)
def test_a_network_file_system_is_known_by_the_mount_that_is_nearest(
    tmp_path: Path, folder: bytes, kind: str | None
) -> None:
    table = tmp_path / "mountinfo"
    table.write_bytes(MOUNTS)
    assert type_elsewhere(folder, table) == kind


def test_where_there_is_no_table_of_mounts_nothing_is_known(tmp_path: Path) -> None:
    assert type_elsewhere(b"/", tmp_path / "none") is None


class Woken:
    """Hints that can be waited for."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.hints = Hints(self._event.set)
        self.hints.scan_at = float("inf")

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await self._event.wait()
                self._event.clear()


@pytest.fixture
def woken() -> Woken:
    return Woken()


async def test_a_folder_that_leaves_is_watched_no_more_and_leads_to_a_scan(
    tmp_path: Path, woken: Woken
) -> None:
    (tmp_path / "inbox" / "sub").mkdir(parents=True)
    root, names, hints = os.fsencode(tmp_path / "inbox"), Names(("*",), (), "move"), woken.hints
    with FolderEvents(root, names, hints, lambda: None) as events:
        events.watch(b"")
        events.watch(b"sub/")
        (tmp_path / "inbox" / "sub").rename(tmp_path / "elsewhere")
        await woken.until(lambda: hints.seconds_to_next() == 0)
        (tmp_path / "elsewhere" / "a.txt").write_bytes(b"a")
        (tmp_path / "inbox" / "b.txt").write_bytes(b"b")
        seen = set[bytes]()

        def arrived() -> bool:
            seen.update(path for path, _ in hints.take_files(9))
            return b"b.txt" in seen

        await woken.until(arrived)
        assert seen == {b"b.txt"}


async def test_an_inbox_that_leaves_is_noticed(tmp_path: Path, woken: Woken) -> None:
    (tmp_path / "inbox").mkdir()
    root, names, hints = os.fsencode(tmp_path / "inbox"), Names(("*",), (), "move"), woken.hints
    with FolderEvents(root, names, hints, lambda: None) as events:
        events.watch(b"")
        (tmp_path / "inbox").rename(tmp_path / "elsewhere")
        await woken.until(lambda: hints.root_lost)
