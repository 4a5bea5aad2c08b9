"""The log fails, or another watcher comes: nothing is lost, nothing published twice."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Literal

import orjson
import pytest

from copydesk.errors import Unusable
from copydesk.loop import outage
from copydesk.transport.api import (
    Difference,
    Lag,
    Message,
    Publisher,
    Record,
    Replaced,
    Size,
    Start,
    Subscription,
    Topic,
    Transport,
    TransportError,
)
from copydesk_schemas.messages import Owner
from tests.unit.watcher.desk import TOPICS, Desk

Trouble = Literal["not done", "done", "replaced"]


class Failing:
    """A log whose publishers fail now and then, as `trouble` says."""

    def __init__(self, log: Transport) -> None:
        self._log = log
        self.trouble: list[Trouble] = []

    @asynccontextmanager
    async def publisher(self, name: str) -> AsyncIterator[Publisher]:
        async with self._log.publisher(name) as publisher:
            yield FailingPublisher(publisher, self.trouble)

    def read(self, topic: str, start: Start, *, follow: bool) -> AsyncIterator[Sequence[Record]]:
        return self._log.read(topic, start, follow=follow)

    def subscribe(self, topic: str, group: str) -> AbstractAsyncContextManager[Subscription]:
        return self._log.subscribe(topic, group)

    async def lag(self, topic: str, group: str) -> Lag:
        return await self._log.lag(topic, group)

    async def size(self, topic: str) -> Size:
        return await self._log.size(topic)

    async def ensure(self, topics: Sequence[Topic]) -> Sequence[Difference]:
        return await self._log.ensure(topics)


class FailingPublisher:
    def __init__(self, publisher: Publisher, trouble: list[Trouble]) -> None:
        self._publisher = publisher
        self._trouble = trouble

    async def publish(self, messages: Sequence[Message]) -> None:
        of_watcher = any(message.topic == TOPICS.raw.name for message in messages)
        trouble = self._trouble.pop(0) if self._trouble and of_watcher else None
        if trouble == "replaced":
            raise Replaced("another has the name")
        if trouble != "not done":
            await self._publisher.publish(messages)
        if trouble is not None:
            raise TransportError("the connection broke")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outage, "BACKOFF_SECONDS", (0.001,))


@pytest.fixture
async def failing(make_desk: Callable[..., Desk]) -> tuple[Desk, Failing]:
    desk = make_desk()
    failing = Failing(desk.log)
    desk.log = failing
    await desk.start()
    return desk, failing


@pytest.mark.parametrize("trouble", ["done", "not done"])
async def test_a_publish_of_unknown_outcome_is_neither_lost_nor_repeated(
    failing: tuple[Desk, Failing], trouble: Literal["done", "not done"]
) -> None:
    desk, log = failing
    log.trouble[:] = [trouble, trouble]
    desk.put("a.txt", b"a")
    await desk.until(lambda: desk.events("stage_resumes"), "an end of the outage")
    desk.put("b.txt", b"b")
    await desk.until_published(("a.txt", b"a"), ("b.txt", b"b"))
    await desk.answer("a.txt")
    await desk.until(lambda: desk.names() == {"done/a.txt", "b.txt"}, "disposal")


async def test_who_is_replaced_ends_with_the_winner_s_name(desk: Desk) -> None:
    winner = Owner(instance="the winner", host="elsewhere", pid=7, since="", highest_observed_at="")
    async with desk.log.publisher("watcher.inbox") as publisher:
        await publisher.publish([Message(TOPICS.ledger.name, b"inbox/", orjson.dumps(winner), ())])
    desk.put("a.txt", b"a")
    error = await desk.ended()
    assert isinstance(error, Replaced)
    assert "the winner (process 7 on elsewhere)" in str(error)
    assert await desk.published() == []


async def test_who_is_replaced_by_nobody_goes_on(failing: tuple[Desk, Failing]) -> None:
    desk, log = failing
    log.trouble[:] = ["replaced"]
    desk.put("a.txt", b"a")
    await desk.until_published(("a.txt", b"a"))


async def test_an_inbox_that_is_deleted_is_made_again(desk: Desk) -> None:
    desk.put("a.txt", b"a")
    await desk.until_published(("a.txt", b"a"))
    shutil.rmtree(desk.inbox)
    await desk.until(lambda: desk.events("stage_resumes"), "a new start")
    desk.put("b.txt", b"b")
    await desk.until_published(("a.txt", b"a"), ("b.txt", b"b"))


async def test_an_entry_that_cannot_be_read_stops_the_start(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    async with desk.log.publisher("a newer version") as publisher:
        await publisher.publish([Message(TOPICS.ledger.name, b"inbox/a.txt", b'{"new": 1}', ())])
    with pytest.raises(Unusable, match="cannot read"):
        await desk.start()
    await desk.ended()
