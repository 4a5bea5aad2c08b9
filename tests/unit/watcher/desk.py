"""A watcher at work on a real folder, over a real log. The test plays parser and sink."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from prometheus_client import CollectorRegistry
from structlog.testing import CapturingLogger

from copydesk.telemetry.occurrences import Telemetry
from copydesk.topics import topics
from copydesk.transport.api import Message, Record, Transport
from copydesk.watcher.options import After, WatcherOptions
from copydesk.watcher.service import watch
from copydesk_schemas import headers
from copydesk_schemas.messages import Outcome, Receipt, Rejection
from copydesk_schemas.paths import split_key

TOPICS = topics()
NO_TAGS = Rejection(code="no_tags", reason="The file has no tag.", field=None, line=None)


class Desk:
    """The folder `home/inbox` and its watcher. Paths are bytes or text, relative to the inbox."""

    def __init__(self, home: Path, log: Transport, after: After = "move", **options: Any) -> None:
        self.inbox = home / "inbox"
        self.inbox.mkdir(exist_ok=True)
        self.log = log
        self.options = WatcherOptions(self.inbox, after=after, **options)
        self.registry = CollectorRegistry()
        self.logger = CapturingLogger()
        self.telemetry = Telemetry(self.registry, self.logger, ("watcher",))
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # The watcher

    async def start(self) -> None:
        """Start it; returns when it is ready."""
        self._stopping = asyncio.Event()
        watching = watch(self.log, TOPICS, self.options, self.telemetry, self._stopping)
        self._task = asyncio.create_task(watching)
        starts = len(self.events("watcher_started"))
        await self.until(lambda: len(self.events("watcher_started")) > starts, "a start")

    async def stop(self) -> None:
        """End it; raises what it ended by."""
        self._stopping.set()
        task, self._task = self._task, None
        if task is not None:
            await task

    async def ended(self) -> BaseException | None:
        """What it ended by, when it has."""
        assert self._task is not None
        await asyncio.wait([self._task], timeout=20)
        task, self._task = self._task, None
        return task.exception()

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Return when `condition` holds."""
        deadline = time.monotonic() + 20
        while not condition():
            if self._task is not None and self._task.done():
                self._task.result()
            assert time.monotonic() < deadline, f"no {what}; {self.found()}"
            await asyncio.sleep(0.002)

    async def until_published(self, *expected: tuple[str | bytes, bytes]) -> None:
        """Return when exactly these contents were published, in any order."""
        wanted = sorted((os.fsencode(path), data) for path, data in expected)
        deadline = time.monotonic() + 20
        while sorted(await self.published()) != wanted:
            if self._task is not None and self._task.done():
                self._task.result()
            assert time.monotonic() < deadline, (await self.published(), wanted)
            await asyncio.sleep(0.002)

    async def until_disposed(self, count: int) -> None:
        """Return when so many files are done with, since the test began."""
        kinds = ("moved", "rejected", "deleted", "vanished")
        name = "copydesk_files_disposed_total"
        await self.until(
            lambda: sum(self.counted(name, disposition=kind) for kind in kinds) == count,
            f"disposal of {count}",
        )

    async def scanned(self) -> None:
        """Return when a scan that began after this call, or later, has ended."""
        scans = len(self.events("scan_finished"))
        await self.until(lambda: len(self.events("scan_finished")) > scans + 1, "a scan")

    # What it said

    def events(self, name: str) -> list[dict[str, Any]]:
        return [call.kwargs for call in self.logger.calls if call.args[0] == name]

    def counted(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0

    # The folder

    def put(self, path: str | bytes, data: bytes) -> bytes:
        """Write a file in place. Returns where it stands."""
        target = os.path.join(os.fsencode(self.inbox), os.fsencode(path))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(data)
        return target

    def age(self, path: str | bytes) -> None:
        """Make the file look as if it had been written an hour ago."""
        at = time.time() - 3600
        os.utime(os.path.join(os.fsencode(self.inbox), os.fsencode(path)), (at, at))

    def found(self) -> dict[bytes, bytes]:
        """Content of every file below the inbox."""
        root = os.fsencode(self.inbox)
        return dict(_files(root))

    def names(self) -> set[str]:
        """The files below the inbox, as text."""
        return {os.fsdecode(path) for path in self.found()}

    # The log

    async def records(self, topic: str) -> list[Record]:
        return [
            record
            async for records in self.log.read(topic, "first", follow=False)
            for record in records
        ]

    async def published(self) -> list[tuple[bytes, bytes]]:
        """Path and content of every version in raw, in their order."""
        records = await self.records(TOPICS.raw.name)
        return [(split_key(record.key or b"")[1], record.value or b"") for record in records]

    async def tombstones(self) -> list[dict[str, str]]:
        """Headers of every ledger tombstone."""
        records = await self.records(TOPICS.ledger.name)
        return [headers.as_text(record.headers) for record in records if record.value is None]

    async def entries(self, path: str) -> list[dict[str, Any]]:
        """The ledger's entries of a file."""
        key = f"inbox/{path}".encode()
        records = await self.records(TOPICS.ledger.name)
        return [orjson.loads(r.value) for r in records if r.key == key and r.value is not None]

    async def until_entered(self, path: str, times: int) -> list[dict[str, Any]]:
        """The ledger's entries of a file, once it was seen with so many times of change."""
        async with asyncio.timeout(20):
            while True:
                entries = await self.entries(path)
                if len({(entry["mtime_ns"], entry["ctime_ns"]) for entry in entries}) == times:
                    return entries
                await asyncio.sleep(0.002)

    async def answer(
        self, path: str | bytes, outcome: Outcome = "stored", rejection: Rejection | None = None
    ) -> None:
        """Publish the receipt of the newest version of `path`."""
        records = await self.records(TOPICS.raw.name)
        key = b"inbox/" + os.fsencode(path)
        header = headers.as_text([r for r in records if r.key == key][-1].headers)
        await self.answer_version(header["ce_id"], header["ce_subject"], outcome, rejection)

    async def answer_version(
        self,
        version_id: str,
        path: str,
        outcome: Outcome = "stored",
        rejection: Rejection | None = None,
    ) -> None:
        receipt = Receipt(
            version_id=version_id,
            inbox="inbox",
            path=path,
            outcome=outcome,
            at="2025-01-10T08:30:00.000000Z",
            article_id=None,
            revision=None,
            rejection=rejection,
        )
        message = Message(TOPICS.receipts.name, version_id.encode(), orjson.dumps(receipt))
        async with self.log.publisher("the test") as publisher:
            await publisher.publish([message])


@contextmanager
def writing(location: bytes) -> Iterator[int]:
    """A file that is open for writing as long as the block lasts."""
    file = os.open(location, os.O_WRONLY | os.O_CREAT)
    try:
        yield file
    finally:
        os.close(file)


def _files(root: bytes) -> Iterator[tuple[bytes, bytes]]:
    for folder, _, names in os.walk(root):
        for name in names:
            location = os.path.join(folder, name)
            try:
                with open(location, "rb") as file:
                    yield location[len(root) + 1 :], file.read()
            except OSError:
                continue
