"""Topics as they should be, and as they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import errors
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from copydesk.transport.api import Difference, Topic, TransportError
from copydesk.transport.kafka.asking import Asker, NoTopic
from copydesk.transport.kafka.client import Cluster
from copydesk.transport.kafka.faults import translated

PARTITIONS: Final = "partitions"
"""What a difference in their number is called."""
BROKERS_DEFAULT: Final = -1
FOR_EVER: Final = "-1"
PAUSE_SECONDS: Final = 0.05


async def ensure(cluster: Cluster, asker: Asker, topics: Sequence[Topic]) -> Sequence[Difference]:
    """See `Transport.ensure`."""
    partitions = await _partitions(asker, topics)
    missing = [topic for topic in topics if topic.name not in partitions]
    if missing:
        await _make(cluster, missing)
        await _until_known(cluster, asker, missing)
    return await differences(cluster, asker, topics)


async def differences(
    cluster: Cluster, asker: Asker, topics: Sequence[Topic]
) -> Sequence[Difference]:
    """What is missing, and in what the others differ. Changes nothing."""
    partitions = await _partitions(asker, topics)
    there = [topic for topic in topics if topic.name in partitions]
    found = await _configurations(cluster, there)
    differing = [
        Difference(topic.name, "topic", "there", "missing")
        for topic in topics
        if topic not in there
    ]
    for topic in there:
        is_so = {PARTITIONS: str(partitions[topic.name]), **found[topic.name]}
        should = {PARTITIONS: str(topic.partitions), **configuration(topic)}
        differing += [
            Difference(topic.name, what, wanted, is_so.get(what, ""))
            for what, wanted in should.items()
            if is_so.get(what, "") != wanted
        ]
    return differing


def configuration(topic: Topic) -> dict[str, str]:
    """What `topic` is on Kafka, as its configuration.

    Timestamps are the broker's: with an article's own date retention would delete it at once.
    """
    kept = FOR_EVER if topic.retention is None else str(round(topic.retention * 1000))
    policy = "delete" if not topic.compacted else "compact"
    if topic.compacted and topic.retention is not None:
        policy = "compact,delete"
    return {
        "cleanup.policy": policy,
        "retention.ms": kept,
        "retention.bytes": FOR_EVER,  # Kafka's bound knows no groups
        "max.message.bytes": str(topic.max_message_bytes),
        "message.timestamp.type": "LogAppendTime",
    }


async def _partitions(asker: Asker, topics: Sequence[Topic]) -> dict[str, int]:
    """How many partitions the topics have that are there."""
    found: dict[str, int] = {}
    for topic in topics:
        try:
            found[topic.name] = len(await asker.partitions(topic.name))
        except NoTopic:
            continue
    return found


async def _make(cluster: Cluster, topics: Sequence[Topic]) -> None:
    asked = [
        NewTopic(topic.name, topic.partitions, BROKERS_DEFAULT, {}, configuration(topic))
        for topic in topics
    ]
    with translated("making topics"):
        async with administration(cluster) as admin:
            response = await admin.create_topics(asked)
    refused = [
        (name, words or errors.for_code(code).__name__)
        for name, code, words in response.topic_errors
        if code and errors.for_code(code) is not errors.TopicAlreadyExistsError
    ]
    if refused:
        names = ", ".join(name for name, _ in refused)
        raise TransportError(
            f"missing and not to be made by us: {names} ({refused[0][1]}); make them with"
            " `copydesk topics --apply`, as one who may"
        )


async def _until_known(cluster: Cluster, asker: Asker, topics: Sequence[Topic]) -> None:
    with translated("waiting for the topics that were made"):
        async with asyncio.timeout(cluster.timing.answer):
            while len(await _partitions(asker, topics)) < len(topics):  # noqa: ASYNC110 -- a broker's
                await asyncio.sleep(PAUSE_SECONDS)


async def _configurations(
    cluster: Cluster, topics: Sequence[Topic]
) -> dict[str, Mapping[str, str]]:
    if not topics:
        return {}
    asked = [
        ConfigResource(ConfigResourceType.TOPIC, topic.name, configuration(topic))
        for topic in topics
    ]
    with translated("reading the topics' configuration"):
        async with administration(cluster) as admin:
            responses = await admin.describe_configs(asked)
    found: dict[str, Mapping[str, str]] = {}
    for response in responses:
        for code, words, _, name, entries in response.resources:
            if code:
                raise TransportError(
                    f"the topic {name} cannot be described ({words}); `copydesk topics --acl`"
                    " shows the rights that are needed"
                )
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found


@asynccontextmanager
async def administration(cluster: Cluster) -> AsyncIterator[AIOKafkaAdminClient]:
    """A client for the topics' configuration, while the context lasts."""
    admin = cluster.admin()
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()
