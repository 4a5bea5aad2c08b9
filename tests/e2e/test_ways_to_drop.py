"""A file may come by any means; it is taken when it is whole, and once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline import Pipeline, article, running


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    with running(tmp_path / "home") as pipeline:
        drop(pipeline, "started")
        yield pipeline


def good(name: str) -> bytes:
    return article(f"https://news.example/{name}", f"About {name}")


def drop(pipeline: Pipeline, name: str) -> None:
    """Put a file there and wait for its row: what came before has been seen by then."""
    (pipeline.inbox / f"{name}.txt").write_bytes(good(name))
    expect_row(pipeline, f"{name}.txt")


def expect_row(pipeline: Pipeline, path: str) -> None:
    pipeline.until(lambda: outcomes_of(pipeline, path) == ["stored"], f"a row for {path}")


def outcomes_of(pipeline: Pipeline, path: str) -> list[str]:
    rows = pipeline.rows("SELECT outcome FROM files WHERE path = ?", [path])
    return [row["outcome"] for row in rows]


def test_a_file_moved_in_is_taken(pipeline: Pipeline, tmp_path: Path) -> None:
    (tmp_path / "moved.txt").write_bytes(good("moved"))
    (tmp_path / "moved.txt").rename(pipeline.inbox / "moved.txt")
    expect_row(pipeline, "moved.txt")


def test_a_folder_moved_in_is_taken_with_all_that_is_below(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    deep = tmp_path / "agency" / "2025" / "june"
    deep.mkdir(parents=True)
    (deep / "deep.txt").write_bytes(good("deep"))
    (tmp_path / "agency" / "shallow.txt").write_bytes(good("shallow"))
    shutil.move(tmp_path / "agency", pipeline.inbox)
    expect_row(pipeline, "agency/2025/june/deep.txt")
    expect_row(pipeline, "agency/shallow.txt")
    done = pipeline.inbox / "done" / "agency" / "2025" / "june" / "deep.txt"
    pipeline.until(done.exists, f"{done}")


def test_rsync_s_temporary_name_is_left_alone_until_it_is_renamed(pipeline: Pipeline) -> None:
    temporary = pipeline.inbox / ".synced.txt.Xy12Zq"
    temporary.write_bytes(good("synced"))
    drop(pipeline, "later")
    assert temporary.exists()
    temporary.rename(pipeline.inbox / "synced.txt")
    expect_row(pipeline, "synced.txt")
    pipeline.until(lambda: not pipeline.waiting(), "an empty inbox")


def test_an_editor_that_saves_by_renaming_makes_a_new_version(tmp_path: Path) -> None:
    with running(tmp_path, "--after", "keep") as pipeline:
        drop(pipeline, "edited")
        backup = pipeline.inbox / ".edited.txt.swp"
        backup.write_bytes(good("edited").replace(b"Nobody left", b"Everybody left"))
        backup.rename(pipeline.inbox / "edited.txt")
        pipeline.until(
            lambda: outcomes_of(pipeline, "edited.txt") == ["stored", "updated"], "an update"
        )


def test_a_slow_writer_is_waited_for_even_across_a_restart(pipeline: Pipeline) -> None:
    whole = good("slow")
    with (pipeline.inbox / "slow.txt").open("wb", buffering=0) as file:
        file.write(whole[:200])
        drop(pipeline, "meanwhile")
        pipeline.stop()
        pipeline.start()
        drop(pipeline, "afterwards")
        assert outcomes_of(pipeline, "slow.txt") == []
        file.write(whole[200:])
    expect_row(pipeline, "slow.txt")


def test_any_name_that_the_system_allows_is_taken(pipeline: Pipeline) -> None:
    names = [
        b"with space.txt",
        b"new\nline.txt",
        b"no utf-8 \xff.txt",
        b"100%25.txt",
        "ü—🙂".encode(),
    ]
    for number, name in enumerate(names):
        target = os.fsencode(pipeline.inbox) + b"/" + name
        with open(target, "wb") as file:  # noqa: PTH123 -- bytes
            file.write(good(f"name {number}".replace(" ", "-")))
    for path in ("with space.txt", "new%0Aline.txt", "no utf-8 %FF.txt", "100%2525.txt", "ü—🙂"):
        expect_row(pipeline, path)
    pipeline.until(lambda: not pipeline.waiting(), "an empty inbox")


def test_a_deleted_file_leaves_its_article(tmp_path: Path) -> None:
    with running(tmp_path, "--after", "keep", "--scan-seconds", "0.2") as pipeline:
        drop(pipeline, "gone")
        (pipeline.inbox / "gone.txt").unlink()
        drop(pipeline, "next")
        assert len(pipeline.rows("SELECT title FROM articles")) == 2


def test_files_kept_in_place_are_not_taken_again_at_the_next_start(tmp_path: Path) -> None:
    with running(tmp_path, "--after", "keep") as pipeline:
        drop(pipeline, "kept")
        pipeline.stop()
        pipeline.start()
        drop(pipeline, "another")
        assert outcomes_of(pipeline, "kept.txt") == ["stored"]
        assert (pipeline.inbox / "kept.txt").exists()


def test_delete_removes_what_is_stored_and_keeps_what_is_rejected(tmp_path: Path) -> None:
    with running(tmp_path, "--after", "delete") as pipeline:
        (pipeline.inbox / "bad.txt").write_bytes(b"no article\n")
        drop(pipeline, "good")
        pipeline.until(lambda: not pipeline.waiting(), "an empty inbox")
        assert not (pipeline.inbox / "done").exists()
        assert (pipeline.inbox / "rejected" / "bad.txt").read_bytes() == b"no article\n"
