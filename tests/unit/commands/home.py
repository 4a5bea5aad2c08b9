"""An inbox, a log and a storage, moved on stage by stage: a command can be asked between."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import orjson

from copydesk.loading import load
from copydesk.loop.stage import Stage
from copydesk.parser.rejections import make_give_up
from copydesk.parser.step import make_step
from copydesk.settings import Settings
from copydesk.sink.opening import open_store
from copydesk.sink.step import stages
from copydesk.topics import PARSER_GROUP, topics
from copydesk.transport import open_transport
from copydesk.transport.api import Message, Topic, Transport
from copydesk_schemas import headers as names
from copydesk_schemas.paths import file_key, path_to_text
from copydesk_schemas.times import to_text
from tests.unit.sink.events import version

TOPICS = topics()


def text(title: str, url: str = "https://quay.example/1") -> bytes:
    return (
        f"<TITLE>{title}</TITLE>\n<PUBLISHED_DATE>2025-06-03</PUBLISHED_DATE>\n<URL>{url}</URL>\n"
        "<CONTENT>\nThe tide was late.\n</CONTENT>\n"
    ).encode()


class Home:
    """Nothing moves by itself here: each method is a step of the pipeline."""

    def __init__(self, folder: Path) -> None:
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        flags = {"inbox": str(self.inbox), "data": str(folder / "data")}
        self.settings: Settings = load(flags, {}).settings
        self.sink()  # makes log and storage

    def drop(self, name: str, content: bytes) -> Path:
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def take(self, name: str, content: bytes, *, seconds_ago: float = 0) -> str:
        """Drop a file and take it in, so long ago; its version id."""
        status = self.drop(name, content).stat()
        path = os.fsencode(name)
        of = version(f"{path_to_text(path)} {content!r}")
        observed = to_text(status.st_ctime_ns // 1000 - int(seconds_ago * 1e6))
        digest = hashlib.sha256(content).hexdigest()
        entry = {
            "version_id": of,
            "size": len(content),
            "mtime_ns": status.st_mtime_ns,
            "ctime_ns": status.st_ctime_ns,
            "inode": status.st_ino,
            "sha256": digest,
            "observed_at": observed,
            "closed_at": to_text(status.st_ctime_ns // 1000),
            "read_at_ns": status.st_ctime_ns,
        }
        when = {names.SHA256: digest, names.CLOSED_AT: str(entry["closed_at"])}
        ledger = orjson.dumps(entry)
        self._publish(
            self._message(TOPICS.raw, names.RAW, path, of, time=observed, value=content, **when),
            self._message(TOPICS.ledger, names.LEDGER_ENTRY, path, of, time=observed, value=ledger),
        )
        return of

    def dispose(self, name: str, of: str, moved_to: str) -> None:
        """Move the file of the version `of` to where it belongs."""
        target = self.inbox / moved_to
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.inbox / name).rename(target)
        done = {names.DISPOSITION: "moved", names.MOVED_TO: moved_to}
        now = to_text(target.stat().st_ctime_ns // 1000)
        path = os.fsencode(name)
        self._publish(
            self._message(TOPICS.ledger, names.FORGOTTEN, path, of, time=now, value=None, **done)
        )

    def parse(self) -> None:
        step, give_up = make_step(TOPICS), make_give_up(TOPICS)
        parser = Stage("parser", TOPICS.raw.name, PARSER_GROUP, step, give_up)
        self._with(lambda transport: _drained(transport, parser))

    def sink(self) -> None:
        async def sink(transport: Transport) -> None:
            async with open_store(self.settings.store) as store:
                for stage in stages(store, TOPICS):
                    await _drained(transport, stage)

        self._with(sink)

    def _publish(self, *messages: Message) -> None:
        async def publish(transport: Transport) -> None:
            async with transport.publisher("test") as publisher:
                await publisher.publish(messages)

        self._with(publish)

    def _with(self, act: Callable[[Transport], Awaitable[None]]) -> None:
        async def run() -> None:
            async with AsyncExitStack() as stack:
                opened = open_transport(self.settings.transport, TOPICS)
                await act(await stack.enter_async_context(opened))

        asyncio.run(run())

    def _message(
        self,
        topic: Topic,
        kind: str,
        path: bytes,
        of: str,
        *,
        time: str,
        value: bytes | None,
        **extensions: str,
    ) -> Message:
        own = names.headers(
            kind,
            version_id=of,
            inbox="inbox",
            path=path_to_text(path),
            time=time,
            content_type=names.BYTES,
            extensions=extensions,
        )
        return Message(topic.name, file_key("inbox", path), value, own)


async def _drained(transport: Transport, stage: Stage) -> None:
    async with transport.subscribe(stage.topic, stage.group) as subscription:
        while batch := await subscription.poll(100, 1 << 20, 0):
            done = await stage.step(batch.records)
            await subscription.commit(batch, done.outputs)
