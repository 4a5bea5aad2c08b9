"""A stage: what it reads, and what it makes of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

from copydesk.telemetry.progress import RejectedSample, StoredSample
from copydesk.transport.api import Message, Record
from copydesk_schemas.messages import Code


class Done(NamedTuple):
    """What a step made of some records."""

    outputs: Sequence[Message] = ()
    outcomes: Mapping[str, int] = {}
    """Records by what they came to: `parsed`, `stored`, `rejected` and so on."""
    rejections: Mapping[str, int] = {}
    """Rejections by code."""
    latencies: Mapping[str, Sequence[float]] = {}
    """Seconds from file closed to outcome decided, by outcome."""
    unrepaired: Mapping[str, int] = {}
    """Fields that went out as they came, by name."""
    articles: Sequence[StoredSample] = ()
    """Some of the stored articles, newest first, to be shown."""
    rejection: RejectedSample | None = None
    """One of the rejections, to be shown."""


Step = Callable[[Sequence[Record]], Awaitable[Done]]
GiveUp = Callable[[Record, Code, str], Done]
"""What becomes of a record that cannot be processed, by code and reason."""


class Stage(NamedTuple):
    """A step, and what it reads. `name` is the value of the metrics' label `stage`."""

    name: str
    topic: str
    group: str
    step: Step
    give_up: GiveUp
    abreast: int = 1
    """Batches that it may step at a time."""


def merged(first: Done, second: Done) -> Done:
    """What `first` and `second` are together."""
    return Done(
        [*first.outputs, *second.outputs],
        Counter(first.outcomes) + Counter(second.outcomes),
        Counter(first.rejections) + Counter(second.rejections),
        {
            outcome: [*first.latencies.get(outcome, ()), *second.latencies.get(outcome, ())]
            for outcome in {**first.latencies, **second.latencies}
        },
        Counter(first.unrepaired) + Counter(second.unrepaired),
        [*second.articles, *first.articles],
        second.rejection or first.rejection,
    )
