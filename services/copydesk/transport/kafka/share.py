"""A partition of ours."""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka import TopicPartition

from copydesk.transport.api import Batch, Record
from copydesk.transport.bounds import first_of
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
        self._held = 0

    def add(self, records: Sequence[Record], read_to: int) -> None:
        """Take in `records`. After a rebalance they may begin before what is there already."""
        if records and records[0].offset < self.read_to:
            records = [record for record in records if record.offset >= self.read_to]
        self.ahead += records
        self._held += _bytes(records)
        self.read_to = max(self.read_to, read_to)

    def wants(self, max_records: int, max_bytes: int) -> bool:
        """Whether it has less than a batch."""
        return len(self.ahead) < max_records and self._held < max_bytes

    def batch(self, max_records: int, max_bytes: int) -> Batch:
        """The first records. Offsets have gaps, where transactions end and where they failed."""
        taken = first_of(self.ahead, max_records, max_bytes)
        whole = len(taken) == len(self.ahead)
        end = self.read_to if whole else self.ahead[len(taken)].offset
        topic, number = self.partition
        return Batch(topic, number, self.position, end, taken)

    def advance(self, end: int) -> None:
        """The group's position is `end` now."""
        done = next((at for at, r in enumerate(self.ahead) if r.offset >= end), len(self.ahead))
        self._held -= _bytes(self.ahead[:done])
        del self.ahead[:done]
        self.position = end


def _bytes(records: Sequence[Record]) -> int:
    return sum(len(record.value or b"") for record in records)
