"""What goes through the pipes between the parser's process and its parent: MessagePack, each value
behind its length.

They are read and written without a buffer: what had come into one, `select` would wait for in vain.
"""

from __future__ import annotations

import os
import select
from typing import Final, TypeVar

import msgspec

from copydesk.loop.stage import Done

T = TypeVar("T")

_LENGTH_BYTES: Final = 8
_encode = msgspec.msgpack.Encoder().encode


class Reply(msgspec.Struct):
    """What the child answers: one of both."""

    done: Done | None
    traceback: str | None


def packed(value: object) -> bytes:
    """`value` as it goes through a pipe."""
    frame = _encode(value)
    return len(frame).to_bytes(_LENGTH_BYTES, "little") + frame


def send(pipe: int, frame: bytes) -> None:
    """Write what `packed` gave. Raises BrokenPipeError when nobody reads any more."""
    rest = memoryview(frame)
    while rest:  # a process that is stopped in the middle is told of a part
        rest = rest[os.write(pipe, rest) :]


def receive(pipe: int, kind: type[T], seconds: float | None = None) -> T:
    """The next value. Raises EOFError at the end, TimeoutError when it does not begin in time."""
    if seconds is not None and not select.select([pipe], [], [], seconds)[0]:
        raise TimeoutError
    length = int.from_bytes(_read(pipe, _LENGTH_BYTES), "little")
    return msgspec.msgpack.decode(_read(pipe, length), type=kind)


def _read(pipe: int, size: int) -> bytearray:
    read = bytearray(size)
    rest = memoryview(read)
    while rest:
        count = os.readv(pipe, [rest])
        if not count:
            raise EOFError
        rest = rest[count:]
    return read
