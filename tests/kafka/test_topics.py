"""Making topics, and saying what differs."""

from __future__ import annotations

import json
import subprocess

from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from copydesk.topics import Topics
from copydesk.transport.api import Difference
from copydesk.transport.kafka.log import KafkaLog
from tests.kafka.conftest import World, administration
from tests.pipeline import COPYDESK, environment

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


async def test_what_differs_is_changed_and_what_is_missing_made_when_asked_for(
    world: World, log: KafkaLog
) -> None:
    small = world.topic("t", 2)._replace(retention=DAY)
    await log.ensure([small])
    wanted = [
        small._replace(partitions=4, retention=2 * DAY, compacted=True, max_message_bytes=1 << 20),
        world.topic("new", 3),
    ]
    assert len(await log.differences(wanted)) == 5
    assert await log.apply(wanted) == []
    assert await log.differences(wanted) == []


async def test_what_a_topic_has_of_its_own_is_kept(world: World, log: KafkaLog) -> None:
    topic = world.topic("t")
    await log.ensure([topic])
    async with administration(world) as admin:
        own = {"segment.bytes": "20971520", "retention.ms": "60000"}
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, own)])
        assert await log.apply([topic]) == []
        asked = ConfigResource(ConfigResourceType.TOPIC, topic.name, {"segment.bytes": None})
        (answer,) = await admin.describe_configs([asked])
    assert [entry[:2] for entry in answer.resources[0][4]] == [("segment.bytes", "20971520")]


async def test_a_topic_with_too_many_partitions_keeps_them_and_is_told(
    world: World, log: KafkaLog
) -> None:
    topic = world.topic("t", 3)
    await log.ensure([topic])
    fewer = topic._replace(partitions=1)
    assert await log.apply([fewer]) == [Difference(topic.name, "partitions", "1", "3")]


def command(world: World, *options: str) -> tuple[int, str]:
    """`copydesk topics` under the world's prefix: its status, and what it printed."""
    env = environment() | {"COPYDESK_TRANSPORT": world.address, "COPYDESK_PREFIX": world.prefix}
    done = subprocess.run(
        [COPYDESK, "topics", *options],
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_command_tells_what_is_missing_and_makes_it_when_told_to(world: World) -> None:
    names = [f"{world.prefix}.{topic}" for topic in Topics._fields]
    missing = "".join(f"{name}  is missing\n" for name in names)
    assert command(world) == (1, missing)
    assert command(world) == (1, missing)
    assert command(world, "--apply") == (0, "All 5 topics are as they should be.\n")
    assert command(world) == (0, "All 5 topics are as they should be.\n")


def test_the_command_tells_what_differs_as_lines_and_as_json(world: World) -> None:
    assert command(world, "--apply", "--partitions", "2")[0] == 0
    lines = [
        f"{world.prefix}.{topic}  partitions is 2, should be 3\n"
        for topic in ("raw", "normalized", "rejected")
    ]
    assert command(world, "--partitions", "3") == (1, "".join(lines))
    status, text = command(world, "--partitions", "3", "--json")
    assert status == 1
    differing = {"what": "partitions", "wanted": "3", "found": "2"}
    assert json.loads(text)[0] == {"topic": f"{world.prefix}.raw", **differing}
