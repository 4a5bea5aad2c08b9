"""The log between the services: everything that they may know of it.

A topic is a set of partitions, a partition an ordered sequence of records. A group is a name under
which positions are kept. One message in `outputs` may be an event, a rejection or a receipt: they
are atomic with the position because they are one commit.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Literal, NamedTuple, Protocol

Header = tuple[str, bytes]


class Message(NamedTuple):
    """What is published. `value` None is a tombstone."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[Header, ...] = ()


class Record(NamedTuple):
    """What is read. `timestamp` is the log's own clock at appending, seconds since the epoch."""

    topic: str
    partition: int
    offset: int
    timestamp: float
    key: bytes | None
    value: bytes | None
    headers: tuple[Header, ...]


class Batch(NamedTuple):
    """Records of one partition. Committing it moves the group from `start` to `end`.

    Offsets may have gaps, so `end` says more than the last record's offset does.
    """

    topic: str
    partition: int
    start: int
    end: int
    records: Sequence[Record]


class Topic(NamedTuple):
    """A topic as it should be.

    Records are kept for `retention` seconds, None for ever; of a compacted topic the last record
    of each key. A log that can do so without passing a group that reads it also keeps no more than
    `retention_bytes`.
    """

    name: str
    partitions: int
    retention: float | None
    compacted: bool
    max_message_bytes: int
    retention_bytes: int | None = None


class Difference(NamedTuple):
    """One way in which a topic is not as it should be."""

    topic: str
    what: str
    wanted: str
    found: str


class Lag(NamedTuple):
    """How far a group is behind. `positions`: by partition, the offset that comes next."""

    records: int
    seconds: float
    positions: Mapping[int, int]


class Size(NamedTuple):
    """What a topic holds. `bytes` is None where the log does not say."""

    records: int
    bytes: int | None


class At(NamedTuple):
    """From this offset on, of a topic with one partition."""

    offset: int


class Since(NamedTuple):
    """From the first record that was appended at this time or later, seconds since the epoch."""

    timestamp: float


Start = Literal["first", "end"] | At | Since
"""`end` is behind all that could be read by then."""


class TransportError(Exception):
    """The log failed; what it was asked for may or may not have happened.

    A subscription recovers by itself at the next `poll`; a publisher must be opened again, and its
    owner reads the state back before it decides what to publish.
    """


class Lost(TransportError):
    """The batch is not ours any more. Drop it and poll again."""


class Replaced(TransportError):
    """Another instance has this publisher's name now, or the log says so after a long silence.

    Who that is stands in what the owner itself keeps in the log; if it is another, exit.
    """


class TooLarge(TransportError):
    """A message is larger than its topic takes. Nothing of the call was published."""

    def __init__(self, message: Message, limit: int) -> None:
        super().__init__(f"a message for {message.topic} is larger than {limit} bytes")
        self.message = message


class PositionLost(TransportError):
    """The group's position fell out of the log's retention. A person must decide; do not go on."""


class Publisher(Protocol):
    """Puts messages into the log under a name that only one instance has at a time."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Publish all of them or none; durable on return."""


class Subscription(Protocol):
    """A group's share of a topic."""

    async def poll(
        self, max_records: int, max_bytes: int, max_wait: float, in_hand: Sequence[Batch] = ()
    ) -> Batch | None:
        """The next records of one partition, or None after `max_wait` seconds without any.

        At least one record comes, however large. A batch that is neither committed nor `in_hand`
        comes back. What is in hand is to be committed first, in its order; where one of those
        commits fails, all that follows is Lost.
        """

    async def commit(self, batch: Batch, outputs: Sequence[Message] = ()) -> None:
        """Publish `outputs` and advance the group to `batch.end`: both or neither."""


class Transport(Protocol):
    """A log. Every method raises TransportError where the log fails."""

    def publisher(self, name: str) -> AbstractAsyncContextManager[Publisher]:
        """A publisher called `name`. Opening it ends its predecessor of the same name."""

    def subscribe(self, topic: str, group: str) -> AbstractAsyncContextManager[Subscription]:
        """A member of `group` on `topic`. A group with no position starts at the first record."""

    def read(self, topic: str, start: Start, *, follow: bool) -> AsyncIterator[Sequence[Record]]:
        """Records without a group, some at a time.

        Not following, it ends at what was the topic's end at the time of the call.
        """

    async def lag(self, topic: str, group: str) -> Lag:
        """How far `group` is behind; joins nothing."""

    async def size(self, topic: str) -> Size:
        """How much `topic` holds now."""

    async def ensure(self, topics: Sequence[Topic]) -> Sequence[Difference]:
        """Make the topics that are missing; say what differs in the others."""
