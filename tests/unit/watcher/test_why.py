"""`why_not_taken`: what `copydesk trace` says of a file that is on the disk and not in the log."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk.watcher.options import WatcherOptions
from copydesk.watcher.why import why_not_taken
from tests.unit.watcher.desk import writing

Why = Callable[[str], str | None]


@pytest.fixture
def why(tmp_path: Path) -> Why:
    options = WatcherOptions(tmp_path, include=("*.txt",))
    return lambda path: why_not_taken(os.fsencode(tmp_path), path.encode(), options)


def test_nothing_stands_against_a_closed_file(tmp_path: Path, why: Why) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    assert why("a.txt") is None


def test_each_reason_has_its_words(tmp_path: Path, why: Why) -> None:
    (tmp_path / "folder").mkdir()
    os.symlink("folder", tmp_path / "link")
    os.symlink("a.txt", tmp_path / "link.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder" / "a.txt").write_bytes(b"a")
    assert "symbolic link" in (why("link.txt") or "")
    assert "folder that is a symbolic link" in (why("link/a.txt") or "")
    assert "no regular file" in (why("pipe.txt") or "")
    assert "not there" in (why("gone.txt") or "")
    assert "begins with a dot" in (why(".a.txt") or "")
    assert "no include pattern" in (why("a.md") or "")
    assert "finished files" in (why("done/a.txt") or "")


def test_a_file_that_is_being_written_is_open_for_writing(tmp_path: Path, why: Why) -> None:
    with writing(os.fsencode(tmp_path / "a.txt")):
        assert "open for writing" in (why("a.txt") or "")
