"""Messages about what goes no further: they fit where they go."""

from __future__ import annotations

import pytest

from copydesk.outcomes import Version, fits, foreign, rejected, rejection
from copydesk.topics import topics
from copydesk.transport.api import Record
from copydesk.transport.sqlite.frames import size

TOPICS = topics()
VERSION = Version("6e1d0b0c-5a86-5f0e-9c7f-3f1f1c5c7a52", "inbox", "a.txt")
WHY = rejection("bad_message", "It is none of ours. " * 100, "TITLE", 7)
AT = "2025-06-03T10:00:00.000000Z"


def record(value: bytes) -> Record:
    return Record(TOPICS.normalized.name, 3, 12_345_678, 1.0, b"key", value, ())


@pytest.mark.parametrize("count", [0, 1000, TOPICS.normalized.max_message_bytes])
def test_what_is_rejected_fits_whatever_it_was(count: int) -> None:
    """What is read from a topic may be larger than what the rejected take."""
    value = b"x" * count
    for message in (
        rejected(TOPICS.rejected, VERSION, WHY, value, at=AT, closed_at=AT, origin=record(value)),
        foreign(TOPICS.rejected, record(value), WHY, at=AT),
    ):
        assert size(message) <= TOPICS.rejected.max_message_bytes
        assert message.value == (value if fits(TOPICS.rejected, value) else None)
        assert dict(message.headers)["ce_code"] == b"bad_message"
