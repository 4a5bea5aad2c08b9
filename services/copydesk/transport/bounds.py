"""How much of what has been read is handed out at a time."""

from __future__ import annotations

from collections.abc import Sequence

from copydesk.transport.api import Record


def first_of(records: Sequence[Record], max_records: int, max_bytes: int) -> Sequence[Record]:
    """The longest beginning of `records` within both bounds, and one record at the least."""
    held = 0
    for count, record in enumerate(records[:max_records]):
        held += len(record.value or b"")
        if held > max_bytes and count:
            return records[:count]
    return records[:max_records]
