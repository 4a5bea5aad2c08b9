"""Single questions to the brokers: about partitions, their beginnings and ends, and positions."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from aiokafka import AIOKafkaClient, TopicPartition, errors
from aiokafka.client import CoordinationType
from aiokafka.consumer.fetcher import PartitionRecords
from aiokafka.protocol.commit import OffsetFetchRequest
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.metadata import MetadataRequest
from aiokafka.protocol.offset import OffsetRequest
from aiokafka.record.memory_records import MemoryRecords

from copydesk.errors import Unusable
from copydesk.transport.api import Record, TransportError
from copydesk.transport.kafka.barred import what_bars
from copydesk.transport.kafka.client import Cluster
from copydesk.transport.kafka.faults import Away, translated
from copydesk.transport.kafka.states import DescribeTransactionsRequest

T = TypeVar("T")

Offsets = Mapping[TopicPartition, int]

FIRST: Final = -2
END: Final = -1
UNCOMMITTED: Final = 0
COMMITTED: Final = 1
NONE: Final = -1
TRANSACTIONAL_ID_NOT_FOUND: Final = 105
"""A code that aiokafka has no name for."""
PAUSE_SECONDS: Final = 0.1
LOOK_BYTES: Final = 1 << 16
"""How much is fetched to see one record; a batch that is larger comes whole."""
LOOK_MS: Final = 500
"""How long the broker waits for something to be there."""


class NoTopic(TransportError):
    """There is no such topic. It is not made by asking for it."""


class Asker:
    """Asks, and asks again while the answer is that it is too early or the wrong broker."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._client: AIOKafkaClient | None = None
        self._opening = asyncio.Lock()

    async def close(self) -> None:
        """End the connections."""
        if self._client is not None:
            await self._client.close()

    @asynccontextmanager
    async def explaining(self, what: str) -> AsyncIterator[None]:
        """As `translated`, and where no broker answers, ask why.

        Raises Unusable where we have never been let in, and waiting does not help.
        """
        try:
            with translated(what):
                yield
        except Away as error:
            bar = await what_bars(self._cluster)
            if bar is None:
                raise
            if bar.final and self._client is None:
                raise Unusable(bar.words) from error
            raise Away(f"{what}: {bar.words}") from error

    async def partitions(self, topic: str) -> list[TopicPartition]:
        """The partitions of `topic`. Raises NoTopic."""

        async def ask(client: AIOKafkaClient) -> list[TopicPartition]:
            request = MetadataRequest([topic], allow_auto_topic_creation=False)
            response = await client.send(client.get_random_node(), request)
            client.cluster.update_metadata(response)
            (code, _, _, partitions) = response.topics[0]
            error = errors.for_code(code)
            if error in (errors.UnknownTopicOrPartitionError, errors.InvalidTopicError):
                raise NoTopic(f"there is no topic {topic}")
            _check(code, topic)
            return sorted(TopicPartition(topic, number) for _, number, *_ in partitions)

        return await self._ask(f"looking for the topic {topic}", ask)

    async def first(self, partitions: Sequence[TopicPartition]) -> Offsets:
        """The first offset that is still there."""
        return await self._offsets(partitions, FIRST, UNCOMMITTED)

    async def end(self, partitions: Sequence[TopicPartition]) -> Offsets:
        """The high watermark: after the last record, be its transaction committed or not."""
        return await self._offsets(partitions, END, UNCOMMITTED)

    async def stable_end(self, partitions: Sequence[TopicPartition]) -> Offsets:
        """The last stable offset: before the first record of the oldest open transaction."""
        return await self._offsets(partitions, END, COMMITTED)

    async def since(self, partitions: Sequence[TopicPartition], ms: int) -> Offsets:
        """The first record at this time or later, in milliseconds; NONE where there is none."""
        return await self._offsets(partitions, ms, UNCOMMITTED)

    async def first_record(self, partition: TopicPartition, start: int, end: int) -> Record | None:
        """The first record from `start` on and before `end` that readers of transactions see.

        `end` is stable. A consumer made for one look takes 12 ms of CPU, this one 2.
        """

        async def ask(client: AIOKafkaClient) -> Record | None:
            offset = start
            while offset < end:
                asked = _by_topic([partition], offset, LOOK_BYTES)
                request = FetchRequest(LOOK_MS, 1, LOOK_BYTES, COMMITTED, asked)
                response = await client.send(_leader(client, partition), request)
                ((_, ((_, code, _, _, _, aborted, _, fetched),)),) = response.topics
                _check(code, partition)
                records = PartitionRecords(
                    partition, MemoryRecords(fetched), aborted, offset, None, None, True, COMMITTED
                )
                for record in records:
                    return record if record.offset < end else None
                offset = records.next_fetch_offset
            return None

        return await self._ask(f"reading a record of {partition.topic}", ask)

    async def committed(self, group: str, partitions: Sequence[TopicPartition]) -> Offsets:
        """The positions of `group`; NONE where it has none."""

        async def ask(client: AIOKafkaClient) -> Offsets:
            node = await client.coordinator_lookup(CoordinationType.GROUP, group)
            response = await client.send(node, OffsetFetchRequest(group, _by_topic(partitions)))
            _check(response.error_code, group)
            found: dict[TopicPartition, int] = {}
            for topic, of_topic in response.topics:
                for number, offset, _, code in of_topic:
                    _check(code, topic)
                    found[TopicPartition(topic, number)] = offset
            return found

        return await self._ask(f"asking for the positions of {group}", ask)

    async def transaction(self, transactional_id: str) -> str | None:
        """The state of the last transaction of this id, in Kafka's words; None if there is none."""

        async def ask(client: AIOKafkaClient) -> str | None:
            node = await client.coordinator_lookup(CoordinationType.TRANSACTION, transactional_id)
            response = await client.send(node, DescribeTransactionsRequest([transactional_id]))
            (code, _, state, *_) = response.transactions[0]
            if code == TRANSACTIONAL_ID_NOT_FOUND:
                return None
            _check(code, transactional_id)
            return str(state)

        return await self._ask(f"asking for the transaction of {transactional_id}", ask)

    async def _offsets(
        self, partitions: Sequence[TopicPartition], timestamp: int, isolation: int
    ) -> Offsets:
        async def ask(client: AIOKafkaClient) -> Offsets:
            by_leader: defaultdict[int, list[TopicPartition]] = defaultdict(list)
            for partition in partitions:
                by_leader[_leader(client, partition)].append(partition)
            found: dict[TopicPartition, int] = {}
            for leader, of_leader in by_leader.items():
                asked = _by_topic(of_leader, timestamp)
                response = await client.send(leader, OffsetRequest(-1, isolation, asked))
                for topic, of_topic in response.topics:
                    for number, code, _, offset in of_topic:
                        _check(code, topic)
                        found[TopicPartition(topic, number)] = offset
            return found

        return await self._ask("asking for offsets", ask)

    async def _ask(self, what: str, ask: Callable[[AIOKafkaClient], Awaitable[T]]) -> T:
        async with self.explaining(what), asyncio.timeout(self._cluster.timing.answer):
            while True:
                client = await self._connected()
                try:
                    return await ask(client)
                except errors.KafkaError as error:
                    if not error.retriable:
                        raise
                    await client.force_metadata_update()
                    await asyncio.sleep(PAUSE_SECONDS)

    async def _connected(self) -> AIOKafkaClient:
        async with self._opening:
            if self._client is None:
                client = self._cluster.client()
                try:
                    await client.bootstrap()
                except BaseException:
                    await client.close()
                    raise
                self._client = client
            return self._client


def _leader(client: AIOKafkaClient, partition: TopicPartition) -> int:
    leader: int | None = client.cluster.leader_for_partition(partition)
    if leader is None:
        client.add_topic(partition.topic)
    if leader is None or leader == -1:
        raise errors.LeaderNotAvailableError(partition)
    return leader


def _by_topic(partitions: Sequence[TopicPartition], *more: int) -> list[tuple[str, list[Any]]]:
    """Partitions as requests want them: numbers, or tuples of a number and `more`, by topic."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for topic, number in partitions:
        found[topic].append((number, *more) if more else number)
    return list(found.items())


def _check(code: int, *about: object) -> None:
    if code:
        raise errors.for_code(code)(*about)
