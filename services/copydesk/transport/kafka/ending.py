"""Ending a former owner's transaction in every partition, also where the brokers forgot to.

Kafka 4.3 and 4.4 take a partition without a leader for one that was deleted, and leave it out when
they end a transaction (KAFKA-20734). A lone broker that was killed does so to all that it had open
when it starts again. What is left hangs: it holds back the readers of its partition, and the
next transaction of its producer id ends it, too, as it ends itself. A batch that was given up came
out beside its repetition.

The same producer id can write the end that is missing: by a transaction that has those partitions,
holds nothing, and ends as the one before.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from aiokafka import AIOKafkaProducer, TopicPartition, errors
from aiokafka.client import CoordinationType
from aiokafka.protocol.transaction import (
    AddOffsetsToTxnRequest,
    AddPartitionsToTxnRequest,
    EndTxnRequest,
)

COMMITTED: Final = frozenset({"PrepareCommit", "CompleteCommit"})
UNDER_WAY: Final = frozenset({"PrepareCommit", "PrepareAbort"})
"""Decided; the partitions are being told."""
PAUSE_SECONDS: Final = 0.02
_EARLY: Final = frozenset(
    error.errno
    for error in (
        errors.CoordinatorNotAvailableError,
        errors.NotCoordinatorError,
        errors.CoordinatorLoadInProgressError,
        errors.ConcurrentTransactions,
        errors.UnknownTopicOrPartitionError,
    )
)


class Ending:
    """A transaction of `producer` that holds nothing, with requests of our own.

    aiokafka knows nothing of it: it adds partitions only when they get records.
    """

    def __init__(self, producer: AIOKafkaProducer, transactional_id: str) -> None:
        self._client = producer.client
        manager = producer._txn_manager  # noqa: SLF001 -- who else knows the epoch
        self._who = (transactional_id, manager.producer_id, manager.producer_epoch)

    async def write(
        self, partitions: Sequence[TopicPartition], group: str | None, *, committed: bool
    ) -> None:
        """Let an end be written to `partitions`, and to the positions of `group`.

        Where we may not write, nothing of ours can hang. Raises aiokafka's errors.
        """
        added = await self._add(partitions)
        if group is not None:
            _check(await self._asked(AddOffsetsToTxnRequest(*self._who, group)))
        if added or group is not None:
            _check(await self._asked(EndTxnRequest(*self._who, committed)))

    async def _add(self, partitions: Sequence[TopicPartition]) -> bool:
        left = [*partitions]
        while left:
            by_topic: defaultdict[str, list[int]] = defaultdict(list)
            for topic, number in left:
                by_topic[topic].append(number)
            asked = AddPartitionsToTxnRequest(*self._who, list(by_topic.items()))
            refused = await self._asked(asked)
            if not refused:
                return True
            denied = {
                topic
                for topic, code in refused
                if code == errors.TopicAuthorizationFailedError.errno
            }
            if not denied:
                _check(refused)
            left = [partition for partition in left if partition.topic not in denied]
        return False

    async def _asked(self, request: Any) -> list[tuple[str, int]]:
        """What the coordinator refuses, asked until it is not too early: topics and codes."""
        while True:
            node = await self._client.coordinator_lookup(CoordinationType.TRANSACTION, self._who[0])
            refused = _refused(await self._client.send(node, request))
            if not any(code in _EARLY for _, code in refused):
                return refused
            await asyncio.sleep(PAUSE_SECONDS)


def _refused(response: Any) -> list[tuple[str, int]]:
    if hasattr(response, "error_code"):
        return [("", response.error_code)] if response.error_code else []
    return [(topic, code) for topic, of_topic in response.errors for _, code in of_topic if code]


def _check(refused: Sequence[tuple[str, int]]) -> None:
    for topic, code in refused:
        raise errors.for_code(code)(topic)
