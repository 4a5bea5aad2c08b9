"""Where the brokers are, and aiokafka's clients as this transport needs them."""

from __future__ import annotations

import re
from functools import partial
from typing import Any, Final, NamedTuple

from aiokafka import (
    AIOKafkaClient,
    AIOKafkaConsumer,
    AIOKafkaProducer,
    TopicPartition,
    client,
    codec,
)
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.consumer.fetcher import PartitionRecords
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.protocol.metadata import MetadataRequest

from copydesk.errors import Unusable
from copydesk.transport.api import Record
from copydesk.transport.kafka.access import OPEN_ACCESS, Access

DEFAULT_PORT: Final = "9092"
_SERVER: Final = re.compile(r"(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\])(:(?P<port>\d{1,5}))?")
PARTITION_FETCH_BYTES: Final = 2 << 20
"""How much of a partition is fetched at a time, about as much as a stage takes in a batch."""
FETCH_BYTES: Final = 16 << 20
BATCH_BYTES: Final = 1 << 20
"""Messages for a partition travel in batches of so much before compression."""

codec.lz4_encode.__defaults__ = (1,)
# aiokafka compresses at lz4's level 9 and has no setting for it: 184 µs of CPU for an article of
# 6.7 KB where level 1 takes 21, for a sixth less space.
client.MetadataRequest = partial(MetadataRequest, allow_auto_topic_creation=False)
# aiokafka has brokers make the topics that it does not find: a deleted one came back at once, with
# none of its configuration, and the group went on as if nothing had happened.


def _record(_: PartitionRecords, partition: TopicPartition, fetched: Any) -> Record:
    """A header without a value, as foreign producers may write them, has an empty one."""
    headers = fetched.headers
    if None in [content for _, content in headers]:
        headers = [(name, content or b"") for name, content in headers]
    return Record(
        partition.topic,
        partition.partition,
        fetched.offset,
        fetched.timestamp / 1000,
        fetched.key,
        fetched.value,
        tuple(headers),
    )


PartitionRecords._consumer_record = _record  # noqa: SLF001
# Consumers hand out the API's records: aiokafka's, and then those of them, take longer.


class Timing(NamedTuple):
    """How long things may take, in seconds."""

    session: float = 20.0
    """A member of a group that is silent for so long loses its partitions."""
    transaction: float = 15.0
    """The broker aborts a transaction that takes longer; until then it holds back all readers."""
    answer: float = 10.0
    """Brokers that do not answer for so long are away."""
    metadata: float = 60.0
    """How old the knowledge of a topic's partitions may become."""

    @property
    def heartbeat(self) -> float:
        """A member says so often that it is there, and hears so soon that it has lost its place."""
        return self.session / 10


class Cluster(NamedTuple):
    """The brokers, and the names that are ours there.

    `prefix` begins the names of groups and transactional ids. `instance` is the name that a
    process keeps over a restart: a member that has one gets its partitions back when it returns
    within the session's time, and nothing moves meanwhile. `access` is how they let us in.
    """

    servers: tuple[str, ...]
    prefix: str
    instance: str | None
    timing: Timing
    access: Access = OPEN_ACCESS

    def client(self) -> AIOKafkaClient:
        """A client for single questions."""
        return AIOKafkaClient(**self._connection(self.timing.answer))

    def admin(self) -> AIOKafkaAdminClient:
        """A client that makes and describes topics."""
        return AIOKafkaAdminClient(**self._connection(self.timing.answer))

    def producer(self, transactional_id: str) -> AIOKafkaProducer:
        """A producer of transactions."""
        return AIOKafkaProducer(
            **self._connection(self.timing.answer),
            transactional_id=transactional_id,
            transaction_timeout_ms=_ms(self.timing.transaction),
            acks="all",
            compression_type="lz4",
            max_batch_size=BATCH_BYTES,
            retry_backoff_ms=20,  # the broker ends a transaction a moment after it says so
        )

    def reader(self) -> AIOKafkaConsumer:
        """A consumer that belongs to no group."""
        return self._consumer(self.timing.answer)

    def member(self, group: str) -> AIOKafkaConsumer:
        """A consumer that is a member of `group`."""
        session = self.timing.session
        return self._consumer(
            2 * session + self.timing.answer,  # joining waits for the slowest member
            group_id=group,
            group_instance_id=self.instance,
            session_timeout_ms=_ms(session),
            heartbeat_interval_ms=_ms(self.timing.heartbeat),
            rebalance_timeout_ms=_ms(session),
            # a class of its own for each, since it keeps its state in the class
            partition_assignment_strategy=(type("Sticky", (StickyPartitionAssignor,), {}),),
        )

    def _consumer(self, request_seconds: float, **options: Any) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            **self._connection(request_seconds),
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            max_partition_fetch_bytes=PARTITION_FETCH_BYTES,
            fetch_max_bytes=FETCH_BYTES,
            **options,
        )

    def _connection(self, request_seconds: float) -> dict[str, Any]:
        return {
            "bootstrap_servers": list(self.servers),
            "client_id": "copydesk",
            "request_timeout_ms": _ms(request_seconds),
            "metadata_max_age_ms": _ms(self.timing.metadata),
            **self.access.options(),
        }


def servers(address: str) -> tuple[str, ...]:
    """The brokers in `address`, `kafka://HOST[:PORT][,HOST[:PORT]…]`. Raises Unusable."""
    scheme, _, rest = address.partition("://")
    found = [_SERVER.fullmatch(part) for part in rest.rstrip("/").split(",")]
    if scheme != "kafka" or None in found:
        raise Unusable(f"{address!r} is no address of brokers; use kafka://HOST:PORT,HOST:PORT")
    return tuple(f"{part['host']}:{part['port'] or DEFAULT_PORT}" for part in found if part)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
