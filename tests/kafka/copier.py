"""A member of a group that copies `PREFIX.in` to `PREFIX.out` until SIGTERM, or worse.

`python copier.py ADDRESS PREFIX`
"""

from __future__ import annotations

import asyncio
import signal
import sys

from copydesk.loop.outage import unless
from copydesk.transport.api import Batch, Lost, Message, Subscription, TransportError
from copydesk.transport.kafka import open_log
from copydesk.transport.kafka.client import Timing

IN_HAND = 3
TIMING = Timing(session=6.0, transaction=6.0, answer=5.0, metadata=10.0)


async def copy(subscription: Subscription, outbound: str, stopping: asyncio.Event) -> None:
    hand: list[Batch] = []
    while not stopping.is_set():
        try:
            batch = await unless(stopping, subscription.poll(50, 1 << 20, 0 if hand else 30, hand))
            if batch is not None:
                hand.append(batch)
            if hand and (batch is None or len(hand) == IN_HAND):
                copies = [Message(outbound, r.key, r.value) for r in hand[0].records]
                await subscription.commit(hand[0], copies)
                del hand[0]
        except Lost:
            hand.clear()
        except TransportError as error:
            hand.clear()
            sys.stderr.write(f"{error}\n")
            await unless(stopping, asyncio.sleep(0.2))


async def main(address: str, prefix: str) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with open_log(address, [], prefix=prefix, timing=TIMING) as log:
        while not stopping.is_set():
            try:
                async with log.subscribe(f"{prefix}.in", "g") as subscription:
                    await copy(subscription, f"{prefix}.out", stopping)
            except TransportError as error:
                sys.stderr.write(f"{error}\n")
                await unless(stopping, asyncio.sleep(0.2))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
