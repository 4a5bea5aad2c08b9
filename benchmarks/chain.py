"""The whole chain in one process: how fast, how soon, and how it bears a large folder."""

from __future__ import annotations

import random
import statistics
import time
from datetime import datetime
from pathlib import Path

from benchmarks import corpus
from benchmarks.process import copydesk, until, used

SMALL_BYTES = 0
"""For the folder of known files: their number matters there, not their size."""
START_SECONDS = 90.0
"""Of a start with many known files: the first scan of the folder, the first upkeep of the log."""
IDLE_SECONDS = 60.0
DROPS = 300

Figures = dict[str, float]


def throughput(home: Path, files: int) -> Figures:
    """A folder of `files` articles moved into the inbox of an idle pipeline, until all are rows."""
    corpus.write(home / "corpus", files)
    with copydesk(home) as running:
        before = used(running.pid)
        began = time.time()
        (home / "corpus").rename(running.inbox / "corpus")
        until(lambda: running.settled() >= files, 0.25)
        seconds = _last_settled(running.ask("SELECT max(settled_at) FROM files")) - began
        after = used(running.pid)
        until(lambda: not any(path.is_file() for path in (running.inbox / "corpus").rglob("*")))
        disposed = time.time() - began
        ((rows,),) = running.ask("SELECT count(*) FROM articles")
    assert rows == files
    return {
        "articles": files,
        "seconds": seconds,
        "articles_per_second": files / seconds,
        "cpu_us_per_article": (after.cpu_seconds - before.cpu_seconds) / files * 1e6,
        "peak_rss_mb": after.peak_rss_mb,
        "seconds_until_all_in_done": disposed,
    }


def latency(home: Path, _: int) -> Figures:
    """Single files dropped at random moments into an idle pipeline: closed to row, milliseconds."""
    dice = random.Random(7)  # noqa: S311 -- repeatable on purpose
    closed: dict[str, float] = {}
    with copydesk(home) as running:
        for number in range(DROPS):
            time.sleep(dice.uniform(0.02, 0.1))
            path = running.inbox / f"{number:06}.txt"
            path.write_bytes(corpus.article(number))
            closed[path.name] = time.time()
        until(lambda: running.settled() >= DROPS)
        rows = running.ask("SELECT path, settled_at FROM files")
    waits = sorted((_seconds(str(at)) - closed[str(name)]) * 1e3 for name, at in rows)
    cuts = statistics.quantiles(waits, n=100, method="inclusive")
    return {
        "drops": len(waits),
        "p50_ms": cuts[49],
        "p95_ms": cuts[94],
        "p99_ms": cuts[98],
        "max_ms": waits[-1],
    }


def known_files(home: Path, files: int) -> Figures:
    """A folder of `files` files that were all taken in before, kept in place: start, then idle."""
    (home / "inbox").mkdir(parents=True)
    corpus.write(home / "inbox" / "known", files, size=SMALL_BYTES)
    with copydesk(home, "--after", "keep") as running:
        until(lambda: running.settled() >= files, 2.0)
        backlog = used(running.pid)
    with copydesk(home, "--after", "keep") as running:
        ready = used(running.pid)
        time.sleep(START_SECONDS)
        began, before = time.perf_counter(), used(running.pid)
        time.sleep(IDLE_SECONDS)
        after = used(running.pid)
        share = (after.cpu_seconds - before.cpu_seconds) / (time.perf_counter() - began)
    return {
        "files": files,
        "seconds_to_ready": running.ready_seconds,
        "start_cpu_seconds": ready.cpu_seconds,
        "settling_cpu_seconds": before.cpu_seconds - ready.cpu_seconds,
        "idle_cpu_percent": share * 100,
        "peak_rss_mb": after.peak_rss_mb,
        "peak_rss_mb_while_taking_them_in": backlog.peak_rss_mb,
        "allowed_rss_mb": 200 + 250 * files / 1e6,
    }


def _last_settled(rows: list[tuple[object, ...]]) -> float:
    return _seconds(str(rows[0][0]))


def _seconds(text: str) -> float:
    """Seconds since the epoch of an RFC 3339 time."""
    return datetime.fromisoformat(text).timestamp()
