"""Outages: clear words, nothing lost, and on it goes when it can."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.disk import small_disk
from tests.pipeline import Pipeline, article, copydesk, running, status_of
from tests.servers import free_port

STUMBLING = Path(__file__).with_name("stumbling")


def drop(pipeline: Pipeline, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        path = pipeline.inbox / f"{number:04}.txt"
        path.write_bytes(article(f"https://news.example/{number}", f"Title {number}"))


@pytest.mark.slow
def test_a_full_disk_is_waited_out_and_nothing_is_lost(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data", "16m"), running(tmp_path) as pipeline:
        drop(pipeline, 1)
        pipeline.until(lambda: pipeline.outcomes() == {"stored": 1}, "the first row")
        filler = fill(pipeline.data)
        drop(pipeline, 400, first=1)
        pipeline.until(lambda: "full" in pipeline.said(), "words about the full disk")
        assert pipeline.process is not None
        assert pipeline.process.poll() is None
        filler.unlink()
        pipeline.until(lambda: pipeline.outcomes() == {"stored": 401}, "all the rows", 60)
        pipeline.until(lambda: not pipeline.waiting(), "an empty inbox")


def fill(folder: Path) -> Path:
    """Leave no free byte in `folder`."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return filler
    raise AssertionError


def test_a_data_folder_that_cannot_be_written_is_named_at_the_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (tmp_path / "inbox").mkdir()
    with read_only(data):
        started = copydesk("run", "--port", "0", cwd=tmp_path)
    assert started.returncode not in {0, 2}
    assert str(data) in started.stderr
    assert "Traceback" not in started.stderr


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """`folder`, which nobody can write: by a mount where we are root, by its mode elsewhere."""
    if os.geteuid() == 0:
        with small_disk(folder, "1m") as mount:
            mount("remount", "ro")
            yield
    else:
        folder.mkdir()
        folder.chmod(0o555)
        yield
        folder.chmod(0o755)


@pytest.mark.slow
def test_a_log_that_another_program_holds_locked_is_waited_for(tmp_path: Path) -> None:
    with running(tmp_path) as pipeline:
        drop(pipeline, 1)
        pipeline.until(lambda: pipeline.outcomes() == {"stored": 1}, "the first row")
        with closing(sqlite3.connect(pipeline.data / "log.db")) as other:
            other.execute("BEGIN IMMEDIATE")
            drop(pipeline, 20, first=1)
            pipeline.until(lambda: "lock" in pipeline.said(), "words about the lock")
            other.execute("ROLLBACK")
        pipeline.until(lambda: pipeline.outcomes() == {"stored": 21}, "all the rows")
        pipeline.until(lambda: not pipeline.waiting(), "an empty inbox")


@pytest.mark.slow
def test_a_parser_that_stumbles_over_one_file_lets_the_others_pass(tmp_path: Path) -> None:
    pipeline = Pipeline(tmp_path)
    drop(pipeline, 999)
    (pipeline.inbox / "worst.txt").write_bytes(article("https://news.example/x", "STUMBLE"))
    pipeline.start(customized=STUMBLING)
    try:
        pipeline.until(
            lambda: pipeline.outcomes() == {"stored": 999, "rejected": 1}, "999 rows and a reason"
        )
        pipeline.until(lambda: not pipeline.waiting(), "an empty inbox")
        beside = pipeline.inbox / "rejected" / "worst.txt.error.json"
        assert '"internal_error"' in beside.read_text()
        assert pipeline.said().count("RuntimeError: stumbled") == 1
    finally:
        pipeline.kill()


def test_a_start_that_waits_for_its_log_is_alive_and_not_ready(tmp_path: Path) -> None:
    port = free_port()
    nowhere = ("--transport", "kafka://127.0.0.1:1", "--port", str(port))
    with running(tmp_path, *nowhere) as pipeline:
        pipeline.until(lambda: "stage_waits" in pipeline.said(), "words about the log")
        assert status_of(port, "/healthz") == HTTPStatus.OK
        assert status_of(port, "/readyz") == HTTPStatus.SERVICE_UNAVAILABLE
        assert pipeline.stop() == 0
