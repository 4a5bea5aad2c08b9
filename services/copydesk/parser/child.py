"""The process that parses. It ends when its input does, so also when its parent is killed."""

from __future__ import annotations

import gc
import signal
import sys
import traceback

from copydesk.parser.pipes import Reply, packed, receive, send
from copydesk.topics import Topics
from copydesk.transport.api import Record


def main() -> None:
    """Answer requests until the input ends."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the parent obeys it, and closes our input
    from copydesk.parser.step import parse_records  # noqa: PLC0415 -- a signal may come before

    requests, replies = sys.stdin.fileno(), sys.stdout.fileno()
    sys.stdout = sys.stderr  # what a library prints must not get between the replies
    try:
        topics = receive(requests, Topics)
        gc.freeze()
        send(replies, packed(value=True))
        while True:
            records = receive(requests, list[Record])
            try:
                reply = Reply(parse_records(records, topics), None)
            except Exception:  # noqa: BLE001 -- raised again on the other side
                reply = Reply(None, traceback.format_exc())
            send(replies, packed(reply))
    except (EOFError, BrokenPipeError):
        return


if __name__ == "__main__":
    main()
