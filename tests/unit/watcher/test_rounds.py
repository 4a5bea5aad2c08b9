"""One round of work on a folder."""

from __future__ import annotations

import os
from pathlib import Path

from copydesk.topics import topics
from copydesk.watcher.hints import Hints
from copydesk.watcher.ledger import Ledger
from copydesk.watcher.options import WatcherOptions
from copydesk.watcher.outbox import Outbox
from copydesk.watcher.rounds import Rounds

TOPICS = topics()


def test_a_file_that_a_round_reads_twice_is_one_version(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"once")
    ledger = Ledger("inbox")
    rounds = Rounds(
        os.fsencode(tmp_path),
        WatcherOptions(tmp_path),
        Outbox("inbox", TOPICS),
        ledger,
        Hints(lambda: None),
    )
    harvest = rounds.work([], [(b"a.txt", True), (b"a.txt", True)])
    raw = [message for message in harvest.messages if message.topic == TOPICS.raw.name]
    assert [message.value for message in raw] == [b"once"]
    assert list(ledger.known) == [b"a.txt"]
