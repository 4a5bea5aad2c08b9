"""Transactions: messages and a position, both or neither."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import NodeNotReadyError
from aiokafka.protocol.transaction import (
    AddOffsetsToTxnRequest,
    AddPartitionsToTxnRequest,
    EndTxnRequest,
    TxnOffsetCommitRequest,
)

from copydesk.transport.api import Message
from copydesk.transport.kafka.asking import Asker, NoTopic
from copydesk.transport.kafka.batches import batches
from copydesk.transport.kafka.client import Cluster
from copydesk.transport.kafka.closing import close_producer
from copydesk.transport.kafka.ending import COMMITTED, PAUSE_SECONDS, UNDER_WAY, Ending
from copydesk.transport.kafka.faults import translated

TRANSACTIONAL: Final = (
    AddPartitionsToTxnRequest,
    AddOffsetsToTxnRequest,
    TxnOffsetCommitRequest,
    EndTxnRequest,
)


class Position(NamedTuple):
    """How far a group has come in a partition."""

    group: str
    partition: TopicPartition
    offset: int


class Producer:
    """One transactional id. Starting it fences whoever had the id and ends its open transaction.

    `group` is the one whose positions it stores, if any. It is good for transactions until one
    fails or it is `spent`; then another must be started.
    """

    def __init__(
        self,
        cluster: Cluster,
        asker: Asker,
        limits: Mapping[str, int],
        transactional_id: str,
        group: str | None,
    ) -> None:
        self.transactional_id = transactional_id
        self._group = group
        self.spent = False
        """A transaction failed, or a request of one broke off on its way.

        That request may arrive yet, and aiokafka has sent it again meanwhile: a late EndTxn would
        end the next transaction half way, a late TxnOffsetCommit turn back its position. Another
        producer has another epoch, and the broker refuses what is late.
        """
        self._timing = cluster.timing
        self._asker = asker
        self._limits = limits
        self._producer = cluster.producer(transactional_id)
        self._note_what_breaks_off(self._producer)

    async def start(self) -> None:
        """Take the transactional id. Raises TransportError."""
        async with self._asker.explaining(f"starting the producer {self.transactional_id}"):
            try:
                async with asyncio.timeout(self._timing.transaction + self._timing.answer):
                    last = await self._asker.transaction(self.transactional_id)
                    await self._producer.start()
                    if last is not None:
                        await self._end_again(committed=last in COMMITTED)
            except BaseException:
                self.spent = True
                await self.stop()
                raise

    async def stop(self) -> None:
        """End it; an open transaction stays open until the id is taken again or it times out."""
        await close_producer(self._producer, sound=not self.spent)

    async def transact(self, messages: Sequence[Message], position: Position | None = None) -> None:
        """Publish `messages` and store `position`, in one transaction.

        Raises TooLarge and NoTopic, with nothing done; Fenced; TransportError, when it may have
        been done or not.
        """
        what = f"publishing as {self.transactional_id}"
        with translated(what):
            partitions = {
                topic: await self._partitions(topic) for topic in {each.topic for each in messages}
            }
            ready = batches(messages, partitions, self._limits, self._producer.create_batch)
        if not ready and position is None:
            return
        self.spent = True  # until it is known to be done
        with translated(what):
            async with asyncio.timeout(self._timing.transaction + self._timing.answer):
                await self._producer.begin_transaction()
                sent: list[Any] = [
                    await self._producer.send_batch(builder, topic, partition=number)
                    for topic, number, builder in ready
                ]
                if position is not None:
                    sent.append(
                        self._producer.send_offsets_to_transaction(
                            {position.partition: position.offset}, position.group
                        )
                    )
                await asyncio.gather(*sent)
                await self._producer.commit_transaction()
        self.spent = self._broken_off

    async def _end_again(self, *, committed: bool) -> None:
        """Write the end of the former owner's last transaction wherever it may be missing."""
        partitions: list[TopicPartition] = []
        for topic in self._limits:
            with suppress(NoTopic):
                partitions += await self._asker.partitions(topic)
        await self._asker.end(partitions)  # all have a leader, else this end would be lost as well
        ending = Ending(self._producer, self.transactional_id)
        await ending.write(partitions, self._group, committed=committed)
        while await self._asker.transaction(self.transactional_id) in UNDER_WAY:  # noqa: ASYNC110
            await asyncio.sleep(PAUSE_SECONDS)

    async def _partitions(self, topic: str) -> int:
        """How many partitions `topic` has, now or some time ago (`Timing.metadata`)."""
        known = self._producer.client.cluster.partitions_for_topic(topic)
        if known is None:
            await self._asker.partitions(topic)
            known = await self._producer.partitions_for(topic)
        return len(known)

    def _note_what_breaks_off(self, producer: AIOKafkaProducer) -> None:
        self._broken_off = False
        send = producer.client.send

        async def noting(node: object, request: object, **options: object) -> object:
            try:
                return await send(node, request, **options)
            except NodeNotReadyError:  # nothing was sent
                raise
            except BaseException:
                self._broken_off |= isinstance(request, TRANSACTIONAL)
                raise

        producer.client.send = noting
