"""Of two watchers of one inbox the newer stays, and the other says why it left."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
from itertools import count
from pathlib import Path

from copydesk.topics import topics
from copydesk.transport import open_transport
from tests.pipeline import COPYDESK, article

REPLACED = 3
PATIENCE_SECONDS = 60.0


def test_of_two_watchers_of_one_name_the_newer_publishes_alone(
    where: dict[str, str], tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    numbers = count()

    def drop() -> None:
        number = next(numbers)
        data = article(f"https://news.example/{number}", f"Title {number}")
        (inbox / f"{number:04}.txt").write_bytes(data)

    def started(log: Path) -> bool:
        return log.exists() and "watcher_started" in log.read_text()

    watchers = []
    try:
        for name in ("first", "second"):
            log = tmp_path / f"{name}.log"
            with log.open("wb") as said:
                watchers.append(
                    subprocess.Popen([COPYDESK, "watcher"], env=where, stdout=said, stderr=said)
                )
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not started(log):
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)
        first, second = watchers
        deadline = time.monotonic() + PATIENCE_SECONDS
        while first.poll() is None:
            assert time.monotonic() < deadline, "both are there"
            drop()
            time.sleep(0.1)
        assert first.returncode == REPLACED
        assert second.poll() is None
        for _ in range(10):
            drop()
        until_published(where, total := next(numbers))
        assert second.poll() is None
    finally:
        for watcher in watchers:
            watcher.kill()
            watcher.wait()
    lines = (tmp_path / "first.log").read_text().splitlines()
    events = [json.loads(line)["event"] for line in lines if line.startswith("{")]
    assert "watcher_owned_by_other" in events
    assert sorted(published(where)) == [f"inbox/{number:04}.txt" for number in range(total)]


def until_published(where: dict[str, str], total: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(published(where)) < total:
        assert time.monotonic() < deadline, published(where)


def published(where: dict[str, str]) -> list[str]:
    """The keys of the raw messages."""
    return asyncio.run(raw_keys(where))


async def raw_keys(where: dict[str, str]) -> list[str]:
    names = topics(where["COPYDESK_PREFIX"])
    address = where["COPYDESK_TRANSPORT"]
    async with open_transport(address, names, prefix=where["COPYDESK_PREFIX"]) as log:
        return [
            (record.key or b"").decode()
            async for records in log.read(names.raw.name, "first", follow=False)
            for record in records
        ]
