"""What goes through the pipes between the parser's process and its parent: MessagePack, each value
behind its length.
"""

from __future__ import annotations

import select
from typing import IO, Final, TypeVar

import msgspec

from copydesk.loop.stage import Done

T = TypeVar("T")

_LENGTH_BYTES: Final = 8
_encode = msgspec.msgpack.Encoder().encode


class Reply(msgspec.Struct):
    """What the child answers: one of both."""

    done: Done | None
    traceback: str | None


def send(stream: IO[bytes], value: object) -> None:
    """Write `value`. Raises BrokenPipeError when nobody reads any more."""
    frame = _encode(value)
    stream.write(len(frame).to_bytes(_LENGTH_BYTES, "little"))
    stream.write(frame)
    stream.flush()


def receive(stream: IO[bytes], kind: type[T], seconds: float | None = None) -> T:
    """The next value. Raises EOFError at the end, TimeoutError when it does not begin in time."""
    if seconds is not None and not select.select([stream], [], [], seconds)[0]:
        raise TimeoutError
    length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
    frame = stream.read(length)
    if not length or len(frame) < length:
        raise EOFError
    return msgspec.msgpack.decode(frame, type=kind)
