"""The parser in a process of its own: it and the rest of the pipeline use a core each.

Requests and replies go over the child's standard input and output as MessagePack, each behind its
length. The child ends when its input does, so also when we are killed.
"""

from __future__ import annotations

import asyncio
import gc
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import IO, TypeVar

import msgspec

from copydesk.loop import Done, Step
from copydesk.topics import Topics
from copydesk.transport.api import Record

T = TypeVar("T")

ATTEMPTS = 2
"""How often the child may end on the same records: it may have been killed for another reason."""
START_SECONDS = 60.0
"""A child that has not loaded what it needs after so long hangs, too."""
REPLY_SECONDS = 120.0
"""A child that is silent for so long hangs, and is killed."""
PATIENCE_SECONDS = 1.0
"""For a child whose pipes are closed, and whose exit status is not there yet."""
_LENGTH_BYTES = 8
_ENDED = (BrokenPipeError, EOFError, TimeoutError)
"""How it shows that the child ended or hangs."""
_encode = msgspec.msgpack.Encoder().encode


class ParserFailed(Exception):
    """The parser raised or ended on these records; the words are its traceback, or how it ended."""


class Reply(msgspec.Struct):
    """What the child answers: one of both."""

    done: Done | None
    traceback: str | None


@asynccontextmanager
async def parser_process(topics: Topics) -> AsyncIterator[Step]:
    """The parser's step, run by a child; the step raises ParserFailed."""
    parser = _ParserProcess(topics)
    with suppress(*_ENDED):  # the first request will tell
        await asyncio.to_thread(parser.start)

    async def step(records: Sequence[Record]) -> Done:
        return await asyncio.to_thread(parser.parse, records)

    try:
        yield step
    finally:
        await asyncio.to_thread(parser.stop)


class _ParserProcess:
    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """Start a child, and wait until it has loaded what it needs.

        It is no member of our terminal's group: Ctrl-C is for us to obey.
        """
        self._child = subprocess.Popen(
            [sys.executable, "-m", "copydesk.parser.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        _send(_stream(self._child.stdin), self._topics)
        _receive(_stream(self._child.stdout), bool, START_SECONDS)
        return self._child

    def stop(self, patience: float = 0.0) -> str:
        """End the child, unless it ends by itself within `patience` seconds; how it ended."""
        child, self._child = self._child, None
        if child is None:
            return "it was not started"
        try:
            status = child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
            status = -signal.SIGKILL
        with suppress(BrokenPipeError), child:  # what it has not read cannot be sent any more
            pass
        return f"signal {-status}" if status < 0 else f"exit status {status}"

    def parse(self, records: Sequence[Record]) -> Done:
        """What the child makes of `records`. Raises ParserFailed."""
        ended = ""
        for _ in range(ATTEMPTS):
            try:
                child = self._child or self.start()
                _send(_stream(child.stdin), records)
                reply = _receive(_stream(child.stdout), Reply, REPLY_SECONDS)
            except _ENDED:
                ended = self.stop(PATIENCE_SECONDS)
                continue
            if reply.done is None:
                raise ParserFailed(reply.traceback)
            return reply.done
        raise ParserFailed(f"the parser's process ended on these records: {ended}")


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("a pipe was asked for")
    return stream


def _send(stream: IO[bytes], value: object) -> None:
    frame = _encode(value)
    stream.write(len(frame).to_bytes(_LENGTH_BYTES, "little"))
    stream.write(frame)
    stream.flush()


def _receive(stream: IO[bytes], kind: type[T], seconds: float | None = None) -> T:
    """The next value. Raises EOFError at the end, TimeoutError when it does not begin in time."""
    if seconds is not None and not select.select([stream], [], [], seconds)[0]:
        raise TimeoutError
    length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
    frame = stream.read(length)
    if not length or len(frame) < length:
        raise EOFError
    return msgspec.msgpack.decode(frame, type=kind)


def main() -> None:
    """Be the child: answer requests until the input ends."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the parent obeys it, and closes our input
    from copydesk.parser.step import parse_records  # noqa: PLC0415 -- the parent has no use for it

    requests = sys.stdin.buffer
    # Where PYTHONUNBUFFERED is set, that of sys.stdout drops the rest of an interrupted write.
    replies = open(sys.stdout.fileno(), "wb", closefd=False)  # noqa: SIM115 -- as long as we live
    sys.stdout = sys.stderr  # what a library prints must not get between the replies
    try:
        topics = _receive(requests, Topics)
        gc.freeze()
        _send(replies, value=True)
        while True:
            records = _receive(requests, list[Record])
            try:
                reply = Reply(parse_records(records, topics), None)
            except Exception:  # noqa: BLE001 -- raised again on the other side
                reply = Reply(None, traceback.format_exc())
            _send(replies, reply)
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    main()
