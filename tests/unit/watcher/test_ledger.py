"""What is known of a file: small, quick to read back, and exact."""

from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.topics import topics
from copydesk.transport.api import Record
from copydesk.watcher.closed import Taken
from copydesk.watcher.known import is_quiet, pack, signature, split, unpack, with_outcome
from copydesk.watcher.ledger import Ledger
from copydesk.watcher.outbox import Outbox
from copydesk_schemas.messages import Outcome

SECOND = 1_000_000_000
FILES = 20_000


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    """The ledger of many files."""
    file = tmp_path_factory.mktemp("one") / "file"
    file.touch()
    mark, outbox = signature(file.stat()), Outbox("inbox", topics())
    found = []
    for number in range(FILES):
        taken = Taken(b"agency/2025/%08d.txt" % number, mark, b"", os.urandom(32), time.time_ns())
        message = outbox.version(taken, 1_736_497_800_000_000 + number).messages[-1]
        record = Record(message.topic, 0, number, 1.0, message.key, message.value, message.headers)
        found.append(record)
    return found


def test_a_known_file_costs_at_most_250_bytes(records: list[Record]) -> None:
    ledger = Ledger("inbox")
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    ledger.load(records)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(ledger.known) == FILES
    assert (after - before) / FILES <= 250


def test_what_is_read_back_is_what_was_written(records: list[Record]) -> None:
    ledger = Ledger("inbox")
    ledger.load(records)
    assert ledger.highest == 1_736_497_800_000_000 + FILES - 1
    taken = Taken(b"a", os.urandom(8) + bytes(24), b"x", os.urandom(32), time.time_ns())
    entered = Outbox("inbox", topics()).version(taken, ledger.next_time())
    message = entered.messages[-1]
    ledger.load([Record(message.topic, 0, 0, 1.0, message.key, message.value, message.headers)])
    assert ledger.known[b"a"] == entered.known


def test_other_inboxes_are_none_of_its_business(records: list[Record]) -> None:
    ledger = Ledger("inbo")
    ledger.load(records)
    assert ledger.known == {}


def test_a_tombstone_forgets(records: list[Record]) -> None:
    ledger = Ledger("inbox")
    ledger.load([records[0], records[0]._replace(value=None)])
    assert ledger.known == {}


def test_next_time_rises_by_a_microsecond_when_the_clock_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 5_000)
    ledger = Ledger("inbox")
    assert [ledger.next_time() for _ in range(3)] == [5, 6, 7]


sizes = st.integers(0, (1 << 63) - 1)
times = st.integers(-(1 << 63), (1 << 63) - 1)


@given(
    st.tuples(sizes, times, times, sizes),
    st.binary(min_size=16, max_size=16),
    st.integers(0, 1 << 60),
    st.binary(min_size=32, max_size=32),
    st.integers(0, 1 << 61),
)
def test_packing_keeps_everything(
    status: tuple[int, int, int, int], version: bytes, observed: int, sha256: bytes, read: int
) -> None:
    size, mtime, ctime, inode = status
    result = os.stat_result(
        (0o100644, inode, 0, 1, 0, 0, size, 0, 0, 0, 0.0, 0.0, 0.0, 0, mtime, ctime)
    )
    mark = signature(result)
    assert split(mark) == (size, mtime, ctime, inode)
    known = pack(mark, version, observed, sha256, read)
    entry = unpack(known)
    assert known.startswith(mark)
    assert entry[:6] == (size, mtime, ctime, inode, version, observed)
    assert entry.holds(sha256)
    assert entry.outcome is None
    for outcome in get_args(Outcome):
        assert unpack(with_outcome(known, outcome)).outcome == outcome
        assert unpack(with_outcome(known, outcome)).racy == entry.racy


@pytest.mark.parametrize(
    ("changed", "read", "racy"), [(0, 1, True), (0, 2, False), (1, 0, True), (9, 0, False)]
)
def test_an_entry_read_within_two_seconds_of_a_change_is_racy(
    changed: int,
    read: int,
    racy: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    mark = signature(
        os.stat_result(
            (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0, 0.0, 0, changed * SECOND, changed * SECOND)
        )
    )
    known = pack(mark, bytes(16), 0, None, read * SECOND)
    assert unpack(known).racy is racy
    assert is_quiet(known[-1], disposes=True) is not racy


def test_only_where_files_are_disposed_of_one_with_an_outcome_needs_something() -> None:
    flags = with_outcome(bytes(77), "stored")[-1]
    assert is_quiet(flags, disposes=False)
    assert not is_quiet(flags, disposes=True)


def test_a_time_beyond_what_fits_is_cut_not_refused(tmp_path: Path) -> None:
    far = 1 << 70
    status = os.stat_result((0o100644, 1, 0, 1, 0, 0, 9, 0, 0, 0, 0.0, 0.0, 0.0, 0, far, -far))
    assert split(signature(status)) == (9, (1 << 63) - 1, -(1 << 63) + 1, 1)
