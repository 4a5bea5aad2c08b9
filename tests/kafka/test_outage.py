"""The broker killed or frozen in mid-load, and back again."""

from __future__ import annotations

import asyncio
import signal

import pytest

from copydesk.transport.api import Lost, Message, TransportError
from copydesk.transport.kafka.log import KafkaLog
from tests.kafka.broker import Broker, LocalBroker
from tests.kafka.conftest import World, contents, numbered
from tests.servers import missing

AWAY_SECONDS = 10.0  # longer than a session, a transaction, and the patience of all


@pytest.fixture
def process(kafka_broker: Broker) -> LocalBroker:
    if kafka_broker.process is None:
        missing(
            "only a broker that the tests run themselves (COPYDESK_TEST_KAFKA=local) can be killed"
        )
    return kafka_broker.process


class Load:
    """Publishes numbers and copies them, and goes on whatever happens."""

    def __init__(self, world: World, log: KafkaLog) -> None:
        self.world, self.log = world, log
        self.stopping = asyncio.Event()
        self.all_published = asyncio.Event()
        self.published = self.copied = 0
        self.published_in_vain: list[str] = []
        self.copied_in_vain: list[str] = []

    async def until_copied(self, count: int) -> None:
        while self.copied < count:  # noqa: ASYNC110 -- a condition to be seen from outside
            await asyncio.sleep(0.1)

    async def publish(self) -> None:
        while not self.stopping.is_set():
            try:
                async with self.log.publisher("source") as publisher:
                    self.published = len(await contents(self.log, self.world.inbound))
                    while not self.stopping.is_set():
                        some = range(self.published, self.published + 10)
                        await publisher.publish(numbered(self.world.inbound, some))
                        self.published = some.stop
                        await asyncio.sleep(0.02)
            except TransportError as error:
                self.published_in_vain.append(str(error))
                await asyncio.sleep(0.2)
        self.published = len(await contents(self.log, self.world.inbound))
        self.all_published.set()

    async def copy(self) -> None:
        async with self.log.subscribe(self.world.inbound, "g") as subscription:
            while not (self.all_published.is_set() and self.copied >= self.published):
                try:
                    batch = await subscription.poll(50, 1 << 20, 1.0)
                    if batch is not None:
                        copies = [
                            Message(self.world.outbound, r.key, r.value) for r in batch.records
                        ]
                        await subscription.commit(batch, copies)
                        self.copied = 1 + int(batch.records[-1].value or b"")
                except Lost:
                    continue
                except TransportError as error:
                    self.copied_in_vain.append(str(error))
                    await asyncio.sleep(0.2)


@pytest.mark.slow
@pytest.mark.parametrize("frozen", [False, True], ids=["killed", "frozen"])
async def test_a_broker_that_was_away_is_gone_on_with(
    world: World, log: KafkaLog, process: LocalBroker, *, frozen: bool
) -> None:
    load = Load(world, log)
    async with asyncio.timeout(100), asyncio.TaskGroup() as tasks:
        tasks.create_task(load.publish())
        tasks.create_task(load.copy())
        await load.until_copied(100)
        if frozen:
            process.send_signal(signal.SIGSTOP)
        else:
            process.stop()
        await asyncio.sleep(AWAY_SECONDS)
        copied, failures = load.copied, (load.published_in_vain, load.copied_in_vain)
        if frozen:
            process.send_signal(signal.SIGCONT)
        else:
            await asyncio.to_thread(process.start)
        await load.until_copied(copied + 100)
        load.stopping.set()
    assert all(failures), "an outage that nobody notices"
    total = list(range(load.published))
    assert await contents(log, world.inbound) == total
    assert await contents(log, world.outbound) == total


@pytest.mark.slow
@pytest.mark.parametrize("joined", [True, False])
async def test_waiting_for_records_of_a_broker_that_is_away_is_no_silence(
    world: World, log: KafkaLog, process: LocalBroker, *, joined: bool
) -> None:
    async with log.subscribe(world.inbound, "g") as subscription:
        if joined:
            assert await subscription.poll(1, 1, 1.0) is None
        process.send_signal(signal.SIGSTOP)
        try:
            with pytest.raises(TransportError, match="no answer"):
                await subscription.poll(1, 1, 30.0)
        finally:
            process.send_signal(signal.SIGCONT)
        async with asyncio.timeout(30):
            while True:
                try:
                    await subscription.poll(1, 1, 1.0)
                    break
                except TransportError:
                    await asyncio.sleep(0.2)


async def test_no_broker_at_all_is_said_at_once(world: World) -> None:
    async with world.open("kafka://127.0.0.1:1") as log:
        with pytest.raises(TransportError, match="no answer"):
            await log.lag(world.inbound, "g")
        with pytest.raises(TransportError, match="no answer"):
            async with log.publisher("p"):
                pass
        with pytest.raises(TransportError, match="no answer"):
            async with log.subscribe(world.inbound, "g"):
                pass
