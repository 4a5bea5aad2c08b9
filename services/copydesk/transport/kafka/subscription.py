"""A group's share of a topic: the partitions that this member has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError

from copydesk.transport.api import Batch, Lost, Message, TooLarge
from copydesk.transport.kafka.asking import NONE, Asker, NoTopic
from copydesk.transport.kafka.client import Cluster
from copydesk.transport.kafka.faults import Fenced, translated
from copydesk.transport.kafka.gone import out_of_range, topic_gone
from copydesk.transport.kafka.member import Member
from copydesk.transport.kafka.names import partition_id
from copydesk.transport.kafka.producer import Position, Producer
from copydesk.transport.kafka.reading import check_answering
from copydesk.transport.kafka.share import Share

LOOK_SECONDS: Final = 0.5
"""How long a fetch waits before it is looked whether partitions have come or gone."""
GONE_SECONDS: Final = 2.0
"""A topic that is still not there after so long has been deleted."""


class KafkaSubscription:
    """Hands out what is read ahead, a partition after the other. Calls take turns."""

    def __init__(
        self,
        cluster: Cluster,
        asker: Asker,
        topic: str,
        group: str,
        make_producer: Callable[[str, str], Producer],
    ) -> None:
        self._cluster = cluster
        self._asker = asker
        self._topic = topic
        self._group = group
        self._make_producer = make_producer
        self._turn = asyncio.Lock()
        self._member: Member | None = None
        self._assignments_seen = 0
        self._shares: dict[TopicPartition, Share] = {}
        """Those that were committed longest ago come first."""
        self._retired: list[Producer] = []
        self._committed: set[TopicPartition] = set()
        """Partitions in which the group has a position, as far as we know."""
        self._resting: dict[TopicPartition, float] = {}
        """Partitions that another claimed, and when to look whether they are still ours."""

    async def open(self) -> Member:
        """Begin to join the group. Raises NoTopic."""
        await self._asker.partitions(self._topic)
        member = Member(self._cluster, self._topic, self._group)
        try:
            await member.join()
        except BaseException:
            await member.leave()
            raise
        self._member, self._assignments_seen = member, 0
        return member

    async def close(self) -> None:
        """Leave the group."""
        for share in [*self._shares.values()]:
            self._retire(share)
        member, self._member = self._member, None
        leaving = [member.leave()] if member is not None else []
        await asyncio.gather(*leaving, self._stop_retired())

    async def poll(
        self, max_records: int, max_bytes: int, max_wait: float, in_hand: Sequence[Batch] = ()
    ) -> Batch | None:
        """See `Subscription.poll`. Nothing comes before a commit that is under way is done."""
        async with self._turn:
            return await self._poll(max_records, max_bytes, max_wait, in_hand)

    async def _poll(
        self, max_records: int, max_bytes: int, max_wait: float, in_hand: Sequence[Batch]
    ) -> Batch | None:
        now = asyncio.get_running_loop().time
        deadline = now() + max_wait
        wait = 0.0
        while True:
            member = await self._joined()
            await self._settle(member)
            wanting = [
                partition
                for partition, share in self._shares.items()
                if share.wants(max_records, max_bytes, in_hand)
            ]
            await self._fetch(member, wanting, wait)
            for share in self._shares.values():
                batch = share.batch(max_records, max_bytes, in_hand)
                if batch is not None:
                    return batch
            await self._look_round(member)
            wait = min(LOOK_SECONDS, deadline - now())
            if wait <= 0:
                if max_wait:
                    await self._pass_over_what_is_empty(member)
                return None

    async def commit(self, batch: Batch, outputs: Sequence[Message] = ()) -> None:
        """See `Subscription.commit`."""
        async with self._turn:
            share = self._shares.get(TopicPartition(batch.topic, batch.partition))
            if share is None or share.position != batch.start:
                raise Lost(f"{self._group} is not at {batch.start} of {batch.partition} any more")
            await self._advance(share, batch.end, outputs)

    async def _advance(self, share: Share, end: int, outputs: Sequence[Message]) -> None:
        position = Position(self._group, share.partition, end)
        try:
            await share.producer.transact(outputs, position)
        except (TooLarge, NoTopic):  # nothing was done
            raise
        except Fenced as error:
            self._rest(share.partition)
            self._retire(share)
            raise Lost(str(error)) from error
        except BaseException:
            self._retire(share)
            raise
        share.advance(end)
        self._committed.add(share.partition)
        self._shares[share.partition] = self._shares.pop(share.partition)
        if share.producer.spent:
            self._retire(share)

    async def _joined(self) -> Member:
        if self._member is not None:
            return self._member
        try:
            return await self.open()
        except NoTopic as error:
            raise topic_gone(self._topic, self._group) from error

    async def _settle(self, member: Member) -> None:
        """Follow the assignment: give up what is not ours any more, claim what is new."""
        await self._stop_retired()
        if self._assignments_seen != member.assignments:
            self._assignments_seen = member.assignments
            for partition in self._shares.keys() - member.assigned:
                self._retire(self._shares[partition])
            for share in self._shares.values():
                member.consumer.seek(share.partition, share.read_to)
        now = asyncio.get_running_loop().time()
        for partition in sorted(member.assigned - self._shares.keys()):
            if not member.rebalancing and self._resting.get(partition, now) <= now:
                await self._claim(member, partition)

    async def _claim(self, member: Member, partition: TopicPartition) -> None:
        """Make `partition` ours: fence its former owner, and only then see how far it came."""
        name = partition_id(self._group, partition.partition)
        producer = self._make_producer(name, self._group)
        try:
            await producer.start()
        except Fenced:
            self._rest(partition)
            return
        self._retired.append(producer)  # until there is a share that has it
        offset = (await self._asker.committed(self._group, [partition]))[partition]
        if offset != NONE:
            self._committed.add(partition)
        elif partition in self._committed:
            raise topic_gone(self._topic, self._group)
        else:
            offset = (await self._asker.first([partition]))[partition]
        if self._assignments_seen == member.assignments:
            self._retired.remove(producer)
            self._shares[partition] = Share(partition, producer, offset)
            member.consumer.seek(partition, offset)

    async def _fetch(
        self, member: Member, partitions: Sequence[TopicPartition], wait: float
    ) -> None:
        try:
            fetched = await member.fetch(partitions, wait)
        except OffsetOutOfRangeError as error:
            for partition, offset in error.args[0].items():
                if partition in self._committed:
                    raise await out_of_range(self._asker, self._group, partition, offset) from error
                self._retire(self._shares[partition])  # the group begins at what is first by now
            return
        except NoOffsetForPartitionError:  # assigned anew just now; `_settle` says where to go on
            return
        except KafkaError:
            await self.close()
            with translated(f"reading {self._topic} as {self._group}"):
                raise
        for partition, records in fetched.items():
            read_to = await member.consumer.position(partition)
            self._shares[partition].add(records, read_to)

    async def _look_round(self, member: Member) -> None:
        """Nothing came: see that there is a topic, and brokers."""
        if member.consumer.partitions_for_topic(self._topic) is None:
            with suppress(NoTopic):
                await self._asker.partitions(self._topic)
                return
            await asyncio.sleep(GONE_SECONDS)
            try:
                await self._asker.partitions(self._topic)
            except NoTopic as error:
                raise topic_gone(self._topic, self._group) from error
        assigned = frozenset() if member.rebalancing else member.consumer.assignment()
        ours = [partition for partition in self._shares if partition in assigned]
        await check_answering(member.consumer, self._asker, self._cluster, ours, self._topic)

    async def _pass_over_what_is_empty(self, member: Member) -> None:
        """Move positions over the ends of transactions, and over what failed ones have left.

        Else they would stay behind when retention deletes those, and seem to have lost records.
        """
        for share in [*self._shares.values()]:
            if self._assignments_seen == member.assignments and not member.rebalancing:
                position = await member.consumer.position(share.partition)
                known = share.partition in self._committed
                if known and not share.ahead and position > share.position:
                    await self._advance(share, position, ())

    def _rest(self, partition: TopicPartition) -> None:
        """Leave `partition`, which was fenced by the one who has it now, or by nobody.

        Whoever is still a member has it assigned in a heartbeat's time, and only then may fence in
        his turn.
        """
        pause = self._cluster.timing.heartbeat
        self._resting[partition] = asyncio.get_running_loop().time() + pause

    def _retire(self, share: Share) -> None:
        del self._shares[share.partition]
        self._retired.append(share.producer)

    async def _stop_retired(self) -> None:
        while self._retired:
            await self._retired[0].stop()
            del self._retired[0]
