"""How the records of a batch are stored: MessagePack of [[offset - base, key, value, headers]…].

One blob for all of them: it is written by one statement and read by one, each without Python's
global lock, where a row a record would hand that lock to and fro for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from copydesk.transport.api import Header, Message, Record

FRAME_BYTES = 1 << 20
"""A frame is closed once it holds so much; what is read at a time is some of them."""
RECORD_BYTES = 32
"""What a record costs beside its key, value and headers, about."""

Stored = tuple[int, bytes | None, bytes | None, tuple[Header, ...]]
"""Offset minus base, key, value, headers."""

encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[Stored, ...]).decode


def size(message: Message) -> int:
    """What `message` counts against a topic's limit, in bytes."""
    _, key, value, headers = message
    held = len(key or b"") + len(value or b"") + RECORD_BYTES
    for name, content in headers:
        held += len(name) + len(content)
    return held


def cut(messages: Iterable[Message], sizes: Iterable[int]) -> Iterator[list[Message]]:
    """`messages`, of these `sizes`, in runs of about FRAME_BYTES, in their order."""
    run: list[Message] = []
    held = 0
    for message, counts in zip(messages, sizes, strict=True):
        run.append(message)
        held += counts
        if held >= FRAME_BYTES:
            yield run
            run, held = [], 0
    if run:
        yield run


def pack(messages: Sequence[Message]) -> bytes:
    """A frame of `messages`, whose offsets follow one another from its base on."""
    return encode(
        [(place, key, value, headers) for place, (_, key, value, headers) in enumerate(messages)]
    )


def unpack(topic: str, base: int, timestamp: float, frame: bytes) -> list[Record]:
    """The records of a frame."""
    make = tuple.__new__  # a third of the time of calling Record
    return [
        make(Record, (topic, 0, base + delta, timestamp, key, value, headers))
        for delta, key, value, headers in _decode(frame)
    ]


def repack(base: int, records: Sequence[Record]) -> bytes:
    """A frame of `records`, which keep their offsets."""
    return encode(
        [(record.offset - base, record.key, record.value, record.headers) for record in records]
    )
