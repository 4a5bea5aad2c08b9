"""Which part of what has been read is handed out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from copydesk.transport.api import Batch, Record


def following(in_hand: Sequence[Batch], partition: int, position: int) -> int:
    """Where to go on in `partition`, in which the group is at `position`."""
    return max([position, *(batch.end for batch in in_hand if batch.partition == partition)])


def index_of(records: Sequence[Record], offset: int) -> int:
    """How many of `records`, which are in order, come before `offset`."""
    return bisect_left(records, offset, key=attrgetter("offset"))


def first_of(records: Sequence[Record], max_records: int, max_bytes: int) -> Sequence[Record]:
    """The longest beginning of `records` within both bounds, and one record at the least."""
    held = 0
    for count, record in enumerate(records[:max_records]):
        held += len(record.value or b"")
        if held > max_bytes and count:
            return records[:count]
    return records[:max_records]
