"""A file is read only when nobody writes to it, and then whole."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from copydesk.watcher.closed import Skipped, Taken, ignore_lease_breaks, take
from tests.unit.watcher.desk import writing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")


@pytest.fixture(autouse=True)
def _ignoring() -> None:
    ignore_lease_breaks()


@pytest.fixture
def location(tmp_path: Path) -> bytes:
    file = tmp_path / "a.txt"
    file.write_bytes(b"content")
    return os.fsencode(file)


def never(*_: object) -> bool:
    return False


def always(*_: object) -> bool:
    return True


def look(location: bytes) -> str:
    found = take(location, b"a.txt", never)
    return found.reason if isinstance(found, Skipped) else "taken"


def test_a_closed_file_is_taken_with_its_digest(location: bytes) -> None:
    found = take(location, b"a.txt", never)
    assert isinstance(found, Taken)
    assert found.data == b"content"
    assert found.digest is not None
    assert found.digest.hex().startswith("ed7002b439e9ac84")


def test_a_file_open_for_writing_is_busy_until_it_is_closed(location: bytes) -> None:
    with writing(location):
        assert look(location) == "busy"
    assert look(location) == "taken"


def test_a_file_open_for_reading_is_taken(location: bytes) -> None:
    with open(location, "rb"):
        assert look(location) == "taken"


def test_a_file_that_another_process_has_open_for_writing_is_busy(location: bytes) -> None:
    script = "import sys; f = open(sys.argv[1], 'ab'); print(1, flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", script, os.fsdecode(location)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        assert look(location) == "busy"
        writer.communicate()
    assert look(location) == "taken"


def test_a_writer_that_comes_while_we_read_waits_and_we_survive_it(
    location: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read is the state from before the writer; its signal does not end the process."""
    opened = threading.Event()
    read = os.read

    def truncate() -> None:
        with open(location, "wb"):
            opened.set()

    writer = threading.Thread(target=truncate)

    def read_slowly(file: int, count: int) -> bytes:
        writer.start()
        assert not opened.wait(0.05), "the writer must wait for us"
        return read(file, count)

    monkeypatch.setattr(os, "read", read_slowly)
    found = take(location, b"a.txt", never)
    writer.join()
    assert isinstance(found, Taken)
    assert found.data == b"content"
    assert opened.is_set()


@pytest.fixture
def _no_leases(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object) -> int:
        raise OSError(errno.EINVAL, "no leases here")

    with monkeypatch.context() as context:
        context.setattr(fcntl, "fcntl", refuse)
        yield


@pytest.mark.usefixtures("_no_leases")
def test_without_leases_a_file_must_have_been_left_alone(location: bytes) -> None:
    settling = take(location, b"a.txt", never)
    assert isinstance(settling, Skipped)
    assert settling.reason == "settling"
    assert isinstance(take(location, b"a.txt", always), Taken)


@pytest.mark.usefixtures("_no_leases")
def test_without_leases_a_file_that_changes_while_it_is_read_is_left_alone(
    location: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = os.read

    def read_and_append(file: int, count: int) -> bytes:
        data = read(file, count)
        with open(location, "r+b") as writer:
            writer.write(b"CONTENT")
        os.utime(location, ns=(time.time_ns(), time.time_ns()))
        return data

    monkeypatch.setattr(os, "read", read_and_append)
    found = take(location, b"a.txt", always)
    assert isinstance(found, Skipped)
    assert found.reason == "busy"


def test_a_symlink_a_pipe_a_folder_and_a_missing_file_are_not_taken(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.symlink("/etc/hostname", tmp_path / "link")
    os.mkfifo(tmp_path / "pipe")
    reasons = {
        name: look(os.fsencode(tmp_path / name)) for name in ("link", "pipe", "folder", "no")
    }
    assert reasons == {
        "link": "symlink",
        "pipe": "not_regular",
        "folder": "not_regular",
        "no": "vanished",
    }


def test_a_file_that_may_not_be_read_is_unreadable(
    location: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert look(location) == "unreadable"


def test_lack_of_file_descriptors_is_not_the_file_s_fault(
    location: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OSError, match="Too many"):
        take(location, b"a.txt", never)


def test_at_most_one_mebibyte_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "big"
    with file.open("wb") as sparse:
        sparse.truncate(1 << 40)

    def fail(*_: object) -> bytes:
        raise AssertionError("it was read")

    monkeypatch.setattr(os, "read", fail)
    found = take(os.fsencode(file), b"big", never)
    assert isinstance(found, Taken)
    assert (found.data, found.digest) == (None, None)
