"""Bringing topics that differ to what they should be."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from aiokafka.admin import NewPartitions
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from copydesk.transport.api import Difference, Topic, TransportError
from copydesk.transport.kafka.asking import Asker
from copydesk.transport.kafka.client import Cluster
from copydesk.transport.kafka.faults import translated
from copydesk.transport.kafka.topics import (
    PARTITIONS,
    PAUSE_SECONDS,
    administration,
    configuration,
    differences,
    ensure,
)

OF_THE_TOPIC: Final = 1
"""Where a value stands: in the topic's own configuration, not in a broker's."""


async def apply(cluster: Cluster, asker: Asker, topics: Sequence[Topic]) -> Sequence[Difference]:
    """Make `topics` what they should be; say what differs still. No topic loses partitions."""
    by_name = {topic.name: topic for topic in topics}
    differing = await ensure(cluster, asker, topics)
    for name in sorted({each.topic for each in differing if each.what != PARTITIONS}):
        await _configure(cluster, by_name[name])
    for each in differing:
        if each.what == PARTITIONS and int(each.found) < int(each.wanted):
            await _grow(cluster, asker, by_name[each.topic])
    return await differences(cluster, asker, topics)


async def _configure(cluster: Cluster, topic: Topic) -> None:
    """Set what should be so, and keep the rest of what the topic has of its own.

    The request replaces all that a topic has.
    """
    kind = ConfigResourceType.TOPIC
    with translated(f"configuring {topic.name}"):
        async with administration(cluster) as admin:
            (described,) = await admin.describe_configs([ConfigResource(kind, topic.name)])
            ((code, words, _, _, entries),) = described.resources
            _check(topic, code, words)
            own = {name: text for name, text, _, source, *_ in entries if source == OF_THE_TOPIC}
            wanted = ConfigResource(kind, topic.name, own | configuration(topic))
            (altered,) = await admin.alter_configs([wanted])
    ((code, words, *_),) = altered.resources
    _check(topic, code, words)


async def _grow(cluster: Cluster, asker: Asker, topic: Topic) -> None:
    with translated(f"adding partitions to {topic.name}"):
        async with administration(cluster) as admin:
            await admin.create_partitions({topic.name: NewPartitions(topic.partitions)})
        async with asyncio.timeout(cluster.timing.answer):
            while len(await asker.partitions(topic.name)) < topic.partitions:  # noqa: ASYNC110 -- a broker's
                await asyncio.sleep(PAUSE_SECONDS)


def _check(topic: Topic, code: int, words: str | None) -> None:
    if code:
        raise TransportError(f"the topic {topic.name} cannot be configured: {words}")
