"""Putting files where they belong: nobody's place is ever taken."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import pytest

from copydesk.watcher.places import free_names, move, put


def test_moving_over_a_file_fails_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    with pytest.raises(FileExistsError):
        move(os.fsencode(tmp_path / "a"), os.fsencode(tmp_path / "b"))
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes()) == (b"a", b"b")


def test_a_move_that_was_killed_half_way_is_finished(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    os.link(tmp_path / "a", tmp_path / "b")
    move(os.fsencode(tmp_path / "a"), os.fsencode(tmp_path / "b"))
    assert os.listdir(tmp_path) == ["b"]


def test_a_dangling_symlink_is_a_name_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    os.symlink("nowhere", tmp_path / "b")
    name = put(os.fsencode(tmp_path / "a"), os.fsencode(tmp_path), iter([b"b", b"sub/b"]))
    assert name == b"sub/b"


def test_names_vary_before_the_extension() -> None:
    names = list(islice(free_names(b"done/sub/a.txt.gz", "1a2b", 0), 3))
    assert names == [b"done/sub/a.txt.gz", b"done/sub/a.txt.1a2b.gz", b"done/sub/a.txt.1a2b-2.gz"]


@pytest.mark.parametrize("length", [200, 243, 244, 245, 255])
def test_no_name_with_what_follows_it_is_longer_than_a_name_may_be(length: int) -> None:
    room = len(".error.json")
    name = b"n" * (length - 4) + b".txt"
    for path in islice(free_names(b"rejected/" + name, "1a2b3c4d", room), 20):
        assert len(path.rpartition(b"/")[2]) + room <= 255
