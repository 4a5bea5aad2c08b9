"""What to say when a group's position is good for nothing any more."""

from __future__ import annotations

from aiokafka import TopicPartition

from copydesk.transport.api import PositionLost
from copydesk.transport.kafka.asking import Asker


def topic_gone(topic: str, group: str) -> PositionLost:
    """`topic` is not there, or it has been made anew: its groups' positions go with it."""
    return PositionLost(
        f"the topic {topic} has been deleted, or the positions of {group} in it;"
        " nobody knows what has not been read"
    )


async def out_of_range(
    asker: Asker, group: str, partition: TopicPartition, offset: int
) -> PositionLost:
    """`group` was to read on at `offset`, and the brokers have nothing there."""
    first = (await asker.first([partition]))[partition]
    end = (await asker.end([partition]))[partition]
    where = f"partition {partition.partition} of {partition.topic}"
    if offset < first:
        return PositionLost(
            f"{first - offset} records of {where} were deleted before {group} had read them;"
            f" to go on without them, set the group's offset from {offset} to {first}"
        )
    return PositionLost(
        f"{group} has read {where} up to {offset}, and now it ends at {end}: it has been made anew"
        " or has lost records; set the group's offset to where it shall go on"
    )
