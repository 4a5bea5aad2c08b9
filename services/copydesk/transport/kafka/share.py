"""A partition of ours."""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka import TopicPartition

from copydesk.transport.api import Batch, Record
from copydesk.transport.bounds import first_of, following, index_of
from copydesk.transport.kafka.producer import Producer


class Share:
    """A partition, the producer that has fenced its former owner, and what was read ahead.

    `position` is the group's, `read_to` what has been fetched.
    """

    def __init__(self, partition: TopicPartition, producer: Producer, position: int) -> None:
        self.partition = partition
        self.producer = producer
        self.position = position
        self.read_to = position
        self.ahead: list[Record] = []

    def add(self, records: Sequence[Record], read_to: int) -> None:
        """Take in `records`. After a rebalance they may begin before what is there already."""
        if records and records[0].offset < self.read_to:
            records = [record for record in records if record.offset >= self.read_to]
        self.ahead += records
        self.read_to = max(self.read_to, read_to)

    def wants(self, max_records: int, max_bytes: int, in_hand: Sequence[Batch]) -> bool:
        """Whether it has less than a batch beyond what is in hand."""
        _, rest = self._rest(in_hand)
        return len(first_of(rest, max_records, max_bytes)) == len(rest) < max_records

    def batch(self, max_records: int, max_bytes: int, in_hand: Sequence[Batch]) -> Batch | None:
        """The first records beyond what is in hand, None where there are none.

        Offsets have gaps, where transactions end and where they failed.
        """
        start, rest = self._rest(in_hand)
        if not rest:
            return None
        taken = first_of(rest, max_records, max_bytes)
        end = self.read_to if len(taken) == len(rest) else rest[len(taken)].offset
        topic, number = self.partition
        return Batch(topic, number, start, end, taken)

    def advance(self, end: int) -> None:
        """The group's position is `end` now."""
        del self.ahead[: index_of(self.ahead, end)]
        self.position = end

    def _rest(self, in_hand: Sequence[Batch]) -> tuple[int, Sequence[Record]]:
        start = following(in_hand, self.partition.partition, self.position)
        return start, self.ahead[index_of(self.ahead, start) :]
