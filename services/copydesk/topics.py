"""Names, limits and retention of the topics, and the groups that read them."""

from __future__ import annotations

from typing import NamedTuple

from copydesk.transport.api import Topic

DAY = 86_400.0
MIB = 1 << 20
GIB = 1 << 30


class Topics(NamedTuple):
    """Every topic, under one prefix.

    Limits rise along the way: what is small enough for one stage is so for the next.
    """

    raw: Topic
    normalized: Topic
    rejected: Topic
    receipts: Topic
    ledger: Topic


def topics(prefix: str = "articles", partitions: int = 1) -> Topics:
    """The topics whose names begin with `prefix` and a dot.

    `partitions` holds for those that many may read side by side; receipts and ledger have one.
    """
    return Topics(
        raw=Topic(f"{prefix}.raw", partitions, 30 * DAY, False, 2 * MIB, 16 * GIB),
        normalized=Topic(f"{prefix}.normalized", partitions, 30 * DAY, False, 8 * MIB, 16 * GIB),
        rejected=Topic(f"{prefix}.rejected", partitions, 90 * DAY, False, 4 * MIB, 4 * GIB),
        receipts=Topic(f"{prefix}.receipts", 1, 90 * DAY, True, MIB),
        ledger=Topic(f"{prefix}.ledger", 1, None, True, MIB),
    )


PARSER_GROUP = "parser"
SINK_GROUP = "sink"
PIPELINE_GROUPS = (PARSER_GROUP, SINK_GROUP)
"""Retention never passes the slowest of these."""
