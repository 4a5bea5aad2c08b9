"""The log between the services on Apache Kafka."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from copydesk.transport.api import Topic
from copydesk.transport.kafka.access import access
from copydesk.transport.kafka.client import Cluster, Timing, servers
from copydesk.transport.kafka.log import KafkaLog
from copydesk.transport.security import OPEN, Security

_AIOKAFKA = logging.getLogger("aiokafka")


@asynccontextmanager
async def open_log(
    address: str,
    topics: Sequence[Topic],
    *,
    prefix: str,
    instance: str | None = None,
    security: Security = OPEN,
    timing: Timing = Timing(),  # noqa: B008 -- a tuple, which nobody can change
) -> AsyncIterator[KafkaLog]:
    """The log on the brokers at `address`; no topic is made (`ensure` does that).

    See `Cluster` for `prefix` and `instance`. Raises Unusable.
    """
    if _AIOKAFKA.level == logging.NOTSET:
        _AIOKAFKA.setLevel(logging.CRITICAL)  # what it tells again and again, our errors say once
    log = KafkaLog(Cluster(servers(address), prefix, instance, timing, access(security)), topics)
    try:
        yield log
    finally:
        await log.close()
