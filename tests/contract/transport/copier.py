"""A process that publishes to `in` and copies `in` to `out` until it is killed.

`python copier.py ADDRESS TOTAL` prints a line whenever a batch is committed.
"""

from __future__ import annotations

import asyncio
import sys

from copydesk.transport import open_transport
from copydesk.transport.api import Batch, Message, Topic, Transport

IN_HAND = 3

TOPICS = (
    Topic("in", 1, None, compacted=False, max_message_bytes=100_000),
    Topic("out", 1, None, compacted=False, max_message_bytes=100_000),
)


async def produce(log: Transport, total: int) -> None:
    """Publish the numbers up to `total`, from after the last that is in the log."""
    published = -1
    async for records in log.read("in", "first", follow=False):
        published = int(records[-1].value or b"-1")
    async with log.publisher("producer") as publisher:
        for start in range(published + 1, total, 50):
            run = range(start, min(start + 50, total))
            await publisher.publish([Message("in", None, b"%d" % number) for number in run])


async def copy(log: Transport) -> None:
    async with log.subscribe("in", "copier") as subscription:
        hand: list[Batch] = []
        while True:
            batch = await subscription.poll(30, 1 << 20, 0 if hand else 60, hand)
            if batch:
                hand.append(batch)
            if hand and (batch is None or len(hand) == IN_HAND):
                outputs = [Message("out", r.key, r.value) for r in hand[0].records]
                await subscription.commit(hand[0], outputs)
                sys.stdout.write(f"{hand.pop(0).end}\n")
                sys.stdout.flush()


async def main(address: str, total: int) -> None:
    async with open_transport(address, TOPICS) as log, asyncio.TaskGroup() as tasks:
        tasks.create_task(produce(log, total))
        tasks.create_task(copy(log))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
