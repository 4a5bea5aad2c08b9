"""Every panel and every alert on a real Prometheus, over a real pipeline in real trouble."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.disk import small_disk
from tests.pipeline import COPYDESK, Pipeline, article
from tests.prometheus.documented import documented_metrics
from tests.prometheus.panels import has_data, queries, variables
from tests.prometheus.server import Prometheus, prometheus
from tests.servers import NoServer, free_port, missing

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

BREAKING = Path(__file__).with_name("breaking")
QUEUED_EVENTS = Path("/proc/sys/fs/inotify/max_queued_events")
ROOT = os.geteuid() == 0
NUMBERS = count()


class Watched(NamedTuple):
    """A pipeline, and the Prometheus that scrapes it."""

    pipeline: Pipeline
    prometheus: Prometheus
    on_small_disk: bool

    def start(self) -> None:
        """Start the pipeline, without root's right to read what its mode forbids."""
        before = self.pipeline.said().count("watcher_started")
        mortal = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if ROOT else ()
        self.pipeline.start(*mortal, COPYDESK, customized=BREAKING)
        self.pipeline.until(
            lambda: self.pipeline.said().count("watcher_started") > before, "a started watcher"
        )
        self.prometheus.until(self.is_ready, "ready pipeline")

    def is_ready(self) -> bool:
        """Whether all its stages are, as Prometheus sees it."""
        return bool(self.prometheus.query("min(copydesk_stage_ready) == 1 and sum(up) == 1"))

    def drop(self, title: str = "Fair", body: str = "It is fair.") -> Path:
        """Put an article into the inbox."""
        number = next(NUMBERS)
        path = self.pipeline.inbox / f"{number:06}.txt"
        path.write_bytes(article(f"https://news.example/{number}", title, body))
        return path


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    home = tmp_path_factory.mktemp("watched")
    port = free_port()
    with ExitStack() as stack:
        if ROOT:
            stack.enter_context(small_disk(home / "data", "96m"))
        pipeline = Pipeline(home, "--port", str(port), "--scan-seconds", "1")
        try:
            server = stack.enter_context(
                prometheus(home / "prometheus", {"embedded": f"127.0.0.1:{port}"})
            )
        except NoServer as reason:
            missing(reason)
        made = Watched(pipeline, server, ROOT)
        made.start()
        yield made
        if pipeline.process is not None:
            pipeline.kill()


@contextmanager
def load(watched: Watched, a_second: float = 15) -> Iterator[None]:
    """Good files, so many a second, while the block runs."""
    over = threading.Event()

    def feed() -> None:
        while not over.wait(1 / a_second):
            watched.drop()

    feeding = threading.Thread(target=feed)
    feeding.start()
    try:
        yield
    finally:
        over.set()
        feeding.join()


def test_every_query_of_every_panel_has_data_under_load(watched: Watched) -> None:
    with load(watched):
        watched.pipeline.inbox.joinpath("bad.txt").write_text("no tags at all")

        def empty() -> list[tuple[str, str, str]]:
            return [
                query[:3]
                for query in queries()
                if not has_data(watched.prometheus.query(query.expression))
            ]

        watched.prometheus.until(lambda: not empty(), f"data for {empty()}")
        assert watched.prometheus.query("copydesk:late:ratio_rate6h < 0.5")


def test_every_variable_has_values(watched: Watched) -> None:
    for metric, label in variables():
        found = watched.prometheus.query(f"count by ({label}) ({metric})")
        assert any(one["metric"].get(label) for one in found), (metric, label)


def test_a_healthy_pipeline_raises_no_alarm(watched: Watched) -> None:
    watched.prometheus.until(lambda: not watched.prometheus.firing(), "silence")
    with load(watched):
        watched.prometheus.until(
            lambda: bool(watched.prometheus.query("copydesk:outcomes:rate5m > 5")),
            "a flow of files",
        )
        assert watched.prometheus.firing() == set()


def test_a_frozen_stage_is_seen_while_it_stands_and_when_it_was_late(watched: Watched) -> None:
    standing = ("StageStands", "FilesInFlightTooLong", "LagGrows", "LagNearRetention")
    late = ("ObjectiveBurnsFast", "ObjectiveBurnsSlowly")
    assert watched.pipeline.process is not None
    parser = _child(watched.pipeline.process.pid)
    with load(watched):
        os.kill(parser, signal.SIGSTOP)
        try:
            watched.prometheus.until_fires(*standing)
        finally:
            os.kill(parser, signal.SIGCONT)
        watched.prometheus.until_fires(*late)
        watched.prometheus.until_silent(*standing, *late)


def _child(pid: int) -> int:
    """The process in which the pipeline parses."""
    tasks = Path(f"/proc/{pid}/task")
    (child,) = " ".join(path.read_text() for path in tasks.glob("*/children")).split()
    return int(child)


def test_a_flood_of_bad_files_is_seen(watched: Watched) -> None:
    for number in range(60):
        watched.pipeline.inbox.joinpath(f"bad-{number}.txt").write_text("no tags at all")
    watched.prometheus.until_fires("RejectionsFlood")
    watched.prometheus.until_silent("RejectionsFlood")


def test_what_our_code_or_the_database_refuses_is_seen(watched: Watched) -> None:
    with closing(sqlite3.connect(watched.pipeline.data / "articles.db", timeout=10)) as other:
        other.execute(
            "CREATE TRIGGER odd BEFORE INSERT ON revisions WHEN new.title = 'REFUSE'"
            " BEGIN SELECT RAISE(ABORT, 'too odd'); END"
        )
        watched.drop("STUMBLE")
        watched.drop("REFUSE")
        watched.drop(body="UNLAWFUL.")
        watched.prometheus.until_fires("InternalErrors", "StoreRefusesRows", "RepairsFail")
        other.execute("DROP TRIGGER odd")
    watched.prometheus.until_silent("InternalErrors", "StoreRefusesRows", "RepairsFail")


def test_files_that_may_not_be_read_or_moved_are_seen(watched: Watched) -> None:
    inbox = watched.pipeline.inbox
    closed = watched.drop()
    closed.chmod(0)
    (inbox / "done").mkdir(exist_ok=True)
    (inbox / "done" / "sub").write_text("a file where a folder should be")
    (inbox / "sub").mkdir()
    watched.drop().rename(inbox / "sub" / "a.txt")
    try:
        watched.prometheus.until_fires("FilesUnreadable", "DisposalFails")
    finally:
        (inbox / "done" / "sub").unlink()
        closed.chmod(0o644)
    watched.prometheus.until_silent("FilesUnreadable", "DisposalFails")


def test_a_log_that_is_away_is_seen(watched: Watched) -> None:
    with closing(sqlite3.connect(watched.pipeline.data / "log.db", timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        watched.drop()
        watched.prometheus.until_fires("StageNotReady")
        other.execute("ROLLBACK")
    watched.prometheus.until_silent("StageNotReady")


def test_a_disk_that_is_nearly_full_is_seen(watched: Watched) -> None:
    if not watched.on_small_disk:
        pytest.skip("only root can mount a small file system")
    disk = os.statvfs(watched.pipeline.data)
    filler = watched.pipeline.data / "filler"
    filler.write_bytes(bytes(max(0, disk.f_bavail * disk.f_frsize - (4 << 20))))
    watched.prometheus.until_fires("DiskNearlyFull")
    filler.unlink()
    watched.prometheus.until_silent("DiskNearlyFull")


def test_events_that_the_kernel_dropped_are_seen(watched: Watched) -> None:
    if not ROOT:
        pytest.skip("only root can make the kernel's queue small")
    usual = QUEUED_EVENTS.read_text()
    watched.pipeline.stop()
    QUEUED_EVENTS.write_text("1")  # counts for who opens a queue from now on
    try:
        watched.start()
    finally:
        QUEUED_EVENTS.write_text(usual)
    assert watched.pipeline.process is not None
    watched.pipeline.process.send_signal(signal.SIGSTOP)  # or it might be quicker than we are
    for _ in range(50):
        watched.drop()
    watched.pipeline.process.send_signal(signal.SIGCONT)
    watched.prometheus.until_fires("EventsLost")
    watched.prometheus.until_silent("EventsLost")


def test_a_killed_process_is_seen(watched: Watched) -> None:
    watched.pipeline.kill()
    watched.prometheus.until_fires("ServiceDown")
    watched.start()
    watched.prometheus.until_silent("ServiceDown")


def test_hostile_names_make_no_series(watched: Watched) -> None:
    for number in range(300):
        name = f"{number}\n\x1b[31m\u202e{{le='5'}} \"x\".txt"
        watched.pipeline.inbox.joinpath(name).write_text("no tags at all")
    deadline = time.monotonic() + 30
    while watched.pipeline.waiting():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    time_of_scrape = "max(timestamp(up))"
    before = watched.prometheus.query(time_of_scrape)
    watched.prometheus.until(
        lambda: watched.prometheus.query(time_of_scrape) != before, "another scrape"
    )
    (series,) = watched.prometheus.query('count({job="copydesk"})')
    assert float(series["value"][1]) < 500


def test_nothing_is_documented_that_never_moved_while_all_this_happened(watched: Watched) -> None:
    """Every metric has been more than 0 in the course of this module."""
    still = [
        name
        for name in documented_metrics()
        if not watched.prometheus.query(f"max_over_time({name}[1h]) > 0")
    ]
    assert still == []
