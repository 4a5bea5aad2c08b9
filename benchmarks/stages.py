"""Each stage alone, one after the other over the same log; and the naive script beside them."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import NamedTuple

import uvloop

from benchmarks import corpus
from benchmarks.process import used
from copydesk.loop.run import run_stage
from copydesk.loop.stage import Stage
from copydesk.parser.process import parser_process
from copydesk.parser.rejections import make_give_up
from copydesk.sink.opening import open_store
from copydesk.sink.step import stages as sink_stages
from copydesk.telemetry.logs import open_log
from copydesk.telemetry.metrics import new_registry
from copydesk.telemetry.occurrences import Telemetry
from copydesk.topics import PARSER_GROUP, SINK_GROUP, topics
from copydesk.transport import open_transport
from copydesk.watcher.options import WatcherOptions
from copydesk.watcher.service import watch

Figures = dict[str, float]
Work = Callable[[asyncio.Event], Coroutine[None, None, None]]
LOOK_SECONDS = 0.01


class Took(NamedTuple):
    """What some work took."""

    seconds: float
    cpu_seconds: float

    def figures(self, name: str, files: float) -> Figures:
        """As articles a second and CPU microseconds an article."""
        return {
            f"{name}_articles_per_second": files / self.seconds,
            f"{name}_cpu_us_per_article": self.cpu_seconds / files * 1e6,
        }


def alone(home: Path, files: int) -> Figures:
    """Folder to raw, raw to normalized, normalized to rows: `files` articles through each."""
    corpus.write(home / "inbox", files)
    return uvloop.run(_alone(home, files))


async def _alone(home: Path, files: int) -> Figures:
    names = topics()
    telemetry = Telemetry(
        new_registry(), open_log(level="error", form="json", service="bench", instance="bench")
    )
    async with AsyncExitStack() as stack:
        address = f"sqlite:///{home / 'log.db'}"
        transport = await stack.enter_async_context(open_transport(address, names))
        store = await stack.enter_async_context(open_store(f"sqlite:///{home / 'articles.db'}"))
        options = WatcherOptions(home / "inbox")
        step = await stack.enter_async_context(parser_process(names))
        parser = Stage("parser", names.raw.name, PARSER_GROUP, step, make_give_up(names))
        sink, *_ = sink_stages(store, names)

        async def waits(topic: str, group: str, records: int) -> bool:
            return (await transport.lag(topic, group)).records == records

        watched = await _until(
            lambda stopping: watch(transport, names, options, telemetry, stopping),
            lambda: waits(names.raw.name, PARSER_GROUP, files),
        )
        parsed = await _until(
            lambda stopping: run_stage(transport, parser, telemetry, stopping),
            lambda: waits(names.normalized.name, SINK_GROUP, files),
        )
        stored = await _until(
            lambda stopping: run_stage(transport, sink, telemetry, stopping),
            lambda: waits(names.normalized.name, SINK_GROUP, 0),
        )
    return (
        watched.figures("watch", files)
        | parsed.figures("parse", files)
        | stored.figures("store", files)
    )


async def _until(work: Work, done: Callable[[], Awaitable[bool]]) -> Took:
    """Run `work` until `done`, and end it; what it took until then."""
    stopping = asyncio.Event()
    began, before = time.perf_counter(), used(os.getpid())
    task = asyncio.ensure_future(work(stopping))
    while not await done():
        if task.done():
            task.result()
        await asyncio.sleep(LOOK_SECONDS)
    seconds, after = time.perf_counter() - began, used(os.getpid())
    stopping.set()
    await task
    return Took(seconds, after.cpu_seconds - before.cpu_seconds)


def naive(home: Path, files: int) -> Figures:
    """The naive script, from its start to its end."""
    corpus.write(home / "inbox", files)
    script = Path(__file__).with_name("naive.py")
    before, began = os.times(), time.perf_counter()
    subprocess.run([sys.executable, script, home / "inbox", home / "naive.db"], check=True)
    seconds, after = time.perf_counter() - began, os.times()
    with closing(sqlite3.connect(home / "naive.db")) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (files,)
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return {
        "articles_per_second": files / seconds,
        "cpu_us_per_article": cpu / files * 1e6,
    }
