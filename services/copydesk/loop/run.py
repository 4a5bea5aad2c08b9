"""A stage over a log: poll, step, commit, and again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from copydesk.errors import Unavailable, Unusable
from copydesk.loop.hand import Hand
from copydesk.loop.outage import Outage, unless
from copydesk.loop.stage import Stage
from copydesk.telemetry.occurrences import Telemetry
from copydesk.transport.api import (
    Batch,
    Lost,
    PositionLost,
    Subscription,
    Transport,
    TransportError,
)

MAX_RECORDS = 256
MAX_BYTES = 4 << 20
MAX_WAIT_SECONDS = 30.0


async def run_stage(
    transport: Transport, stage: Stage, telemetry: Telemetry, stopping: asyncio.Event
) -> None:
    """Run `stage` until `stopping`; what is in hand is committed before it returns, if it can be.

    Outages of the log and the store are waited out. Raises Unusable where waiting is no help.
    """
    outage = Outage(stage.name, telemetry, stopping)
    while not stopping.is_set():
        try:
            async with transport.subscribe(stage.topic, stage.group) as subscription:
                outage.over()
                await _pump(subscription, stage, telemetry, stopping, outage)
        except TransportError as error:
            await outage.wait(error)


async def _pump(
    subscription: Subscription,
    stage: Stage,
    telemetry: Telemetry,
    stopping: asyncio.Event,
    outage: Outage,
) -> None:
    hand = Hand(subscription, stage, telemetry)
    try:
        while hand.batches or not stopping.is_set():
            try:
                batch = await _next(subscription, stopping, hand.batches)
                if batch is not None:
                    hand.take(batch)
                if (batch is None or hand.full) and await hand.go_on():
                    outage.over()
            except Lost:
                await hand.drop()
            except PositionLost as error:
                raise Unusable(str(error)) from error
            except (TransportError, Unavailable) as error:
                await hand.drop()
                await outage.wait(error)
    finally:
        await hand.cancel()


async def _next(
    subscription: Subscription, stopping: asyncio.Event, in_hand: Sequence[Batch]
) -> Batch | None:
    if stopping.is_set():
        return None
    seconds = 0.0 if in_hand else MAX_WAIT_SECONDS
    return await unless(stopping, subscription.poll(MAX_RECORDS, MAX_BYTES, seconds, in_hand))
