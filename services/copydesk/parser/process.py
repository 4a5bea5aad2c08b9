"""The parser in a process of its own: it and the rest of the pipeline use a core each."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import IO

from copydesk.errors import Unavailable
from copydesk.loop.stage import Done, Step
from copydesk.parser.pipes import Reply, packed, receive, send
from copydesk.topics import Topics
from copydesk.transport.api import Record

AT_ONCE = 2
"""Requests that keep the child at work: while we take one reply, the next request is there."""
ATTEMPTS = 2
"""How often the child may end on the same records: it may have been killed for another reason."""
START_SECONDS = 60.0
"""A child that has not loaded what it needs after so long hangs, too."""
REPLY_SECONDS = 120.0
"""A child that is silent for so long hangs, and is killed."""
PATIENCE_SECONDS = 1.0
"""For a child whose pipes are closed, and whose exit status is not there yet."""
_ENDED = (BrokenPipeError, EOFError, TimeoutError)
"""How it shows that the child ended or hangs."""


class ParserFailed(Exception):
    """The parser raised or ended on these records; the words are its traceback, or how it ended."""


class _Ended(Exception):
    """The child ended on these records, or at its start; the words say how."""


class _NotReached(Exception):
    """The child ended before it came to these records."""


@asynccontextmanager
async def parser_process(topics: Topics) -> AsyncIterator[Step]:
    """The parser's step, run by a child, for as many batches at a time as one likes.

    The step raises ParserFailed, and Unavailable where no child can be started.
    """
    parser = _Parser(topics)
    with suppress(Unavailable):  # the first request will tell
        await asyncio.to_thread(parser.child)

    async def step(records: Sequence[Record]) -> Done:
        return await asyncio.to_thread(parser.parse, records)

    try:
        yield step
    finally:
        await asyncio.to_thread(parser.close)


class _Parser:
    """Children, one after the other."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._closed = False

    def child(self) -> _Child:
        """The one that runs. Raises Unavailable where none can be started."""
        with self._lock:
            if self._closed:
                raise Unavailable("the parser's process was ended for good")
            if self._child is None or self._child.ended:
                try:
                    self._child = _Child(self._topics)
                except (_Ended, OSError) as error:
                    words = f"the parser's process cannot be started: {error}"
                    raise Unavailable(words) from error
            return self._child

    def close(self) -> None:
        """End the child, for good."""
        with self._lock:
            self._closed = True
            if self._child is not None:
                self._child.end()

    def parse(self, records: Sequence[Record]) -> Done:
        """What a child makes of `records`. Raises ParserFailed and Unavailable."""
        attempts, how = ATTEMPTS, ""
        while attempts:
            try:
                reply = self.child().ask(records)
            except _NotReached:
                continue
            except _Ended as error:
                attempts, how = attempts - 1, str(error)
                continue
            if reply.done is None:
                raise ParserFailed(reply.traceback)
            return reply.done
        raise ParserFailed(f"the parser's process ended on these records: {how}")


class _Child:
    """Answers requests in their order, whichever threads they come from."""

    def __init__(self, topics: Topics) -> None:
        """Start it, and wait until it has loaded what it needs. Raises _Ended.

        It is no member of our terminal's group: Ctrl-C is for us to obey.
        """
        self.ended = False
        self._sending = threading.Lock()
        self._turn = threading.Condition()
        self._sent = self._answered = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "copydesk.parser.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._requests = _number_of(self._process.stdin)
        self._replies = _number_of(self._process.stdout)
        try:
            send(self._requests, packed(topics))
            receive(self._replies, bool, START_SECONDS)
        except _ENDED:
            raise _Ended(self.end(PATIENCE_SECONDS)) from None

    def ask(self, records: Sequence[Record]) -> Reply:
        """Its reply. Raises _Ended where it ended on these records, _NotReached where before."""
        frame = packed(records)
        with self._sending:
            if self.ended:
                raise _NotReached
            number, self._sent = self._sent, self._sent + 1
            with suppress(OSError):  # the reply's end will tell
                send(self._requests, frame)
        with self._turn:
            self._turn.wait_for(lambda: self._answered == number)
            try:
                return self._reply()
            finally:
                self._answered += 1
                self._turn.notify_all()

    def _reply(self) -> Reply:
        if self.ended:
            raise _NotReached
        try:
            return receive(self._replies, Reply, REPLY_SECONDS)
        except _ENDED:
            raise _Ended(self.end(PATIENCE_SECONDS)) from None
        except BaseException:  # the next would begin in the middle of this one
            self.end()
            raise

    def end(self, patience: float = 0.0) -> str:
        """Kill it, unless it ends by itself within `patience` seconds; how it ended."""
        self.ended = True
        try:
            status = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = -signal.SIGKILL
        # Who reads or writes notices at once; only then may the pipes' numbers become others'.
        with self._turn, self._sending, self._process:
            pass
        return f"signal {-status}" if status < 0 else f"exit status {status}"


def _number_of(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise ValueError("a pipe was asked for")
    return pipe.fileno()
