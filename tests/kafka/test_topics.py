"""Making topics, and saying what differs."""

from __future__ import annotations

from copydesk.transport.api import Difference
from copydesk.transport.kafka.log import KafkaLog
from tests.kafka.conftest import World

DAY = 86_400.0


async def test_a_topic_that_differs_is_said_in_what_and_left_as_it_is(
    world: World, log: KafkaLog
) -> None:
    is_so = world.topic("t", 2)._replace(retention=DAY)
    assert await log.ensure([is_so]) == []
    wanted = is_so._replace(
        partitions=4, retention=2 * DAY, compacted=True, max_message_bytes=1 << 20
    )
    expected = {
        ("partitions", "4", "2"),
        ("retention.ms", "172800000", "86400000"),
        ("cleanup.policy", "compact,delete", "delete"),
        ("max.message.bytes", "1048576", "2097152"),
    }
    for _ in range(2):
        found = await log.ensure([wanted])
        assert set(found) == {Difference(is_so.name, *each) for each in expected}


async def test_every_kind_of_topic_is_made_as_it_should_be(world: World, log: KafkaLog) -> None:
    topics = [
        world.topic("for-ever"),
        world.topic("bounded")._replace(retention=30 * DAY, retention_bytes=10_000_000),
        world.topic("compacted")._replace(compacted=True),
        world.topic("both", 3)._replace(compacted=True, retention=30 * DAY),
    ]
    assert await log.ensure(topics) == []
    async with world.open() as other:
        assert await other.ensure(topics) == []


async def test_looking_at_topics_makes_none(world: World, log: KafkaLog) -> None:
    wanted = [world.topic("in"), world.topic("not-there", 3)]
    missing = [Difference(wanted[1].name, "topic", "there", "missing")]
    assert await log.differences(wanted) == missing
    assert await log.differences(wanted) == missing
