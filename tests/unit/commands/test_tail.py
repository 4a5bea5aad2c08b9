"""`copydesk tail` over a real log, written by this process and read by another."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from copydesk.commands.parse import _source
from copydesk.parser.article import parse
from copydesk.topics import topics
from copydesk.transport import open_transport
from copydesk.transport.api import Message

TOPICS = topics()
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")}
COMMAND = [sys.executable, "-m", "copydesk", "tail"]


def event(title: str) -> bytes:
    data = (
        f"<TITLE>{title}</TITLE>\n<PUBLISHED_DATE>2025-04-02</PUBLISHED_DATE>\n"
        "<URL>https://alder.example/1</URL>\n<CONTENT>\nThe weir holds again.\n</CONTENT>\n"
    ).encode()
    return orjson.dumps(parse(data, _source("a.txt", data)))


def written(home: Path, *values: bytes | None) -> Path:
    """A home whose log has these values at the end of the normalized topic."""

    async def publish() -> None:
        async with (
            open_transport(f"sqlite:///{home}/data/log.db", TOPICS) as transport,
            transport.publisher("test") as publisher,
        ):
            name = TOPICS.normalized.name
            await publisher.publish([Message(name, b"k", value) for value in values])

    asyncio.run(publish())
    return home


def tailed(home: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=home, env=CLEAN, capture_output=True, check=False, timeout=60
    )


def test_in_a_pipe_it_is_the_events_a_line_each(tmp_path: Path) -> None:
    one, two = event("One"), event("Two")
    done = tailed(written(tmp_path, one, two), "--from-beginning", "--no-follow")
    assert (done.returncode, done.stderr) == (0, b"")
    assert [orjson.loads(line)["title"] for line in done.stdout.splitlines()] == ["One", "Two"]


def test_from_now_there_is_nothing_yet(tmp_path: Path) -> None:
    done = tailed(written(tmp_path, event("One")), "--no-follow")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_what_is_no_article_is_named_and_passed_over(tmp_path: Path) -> None:
    home = written(tmp_path, b"{", None, b"[]", event("One"))
    done = tailed(home, "--from-beginning", "--no-follow")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert len(done.stderr.splitlines()) == 3


def test_without_a_log_it_says_what_to_do(tmp_path: Path) -> None:
    done = tailed(tmp_path)
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert "copydesk run" in line


def test_a_reader_that_leaves_ends_it_quietly(tmp_path: Path) -> None:
    home = written(tmp_path, *(event(f"Number {number}") for number in range(500)))
    with subprocess.Popen(
        [*COMMAND, "--from-beginning", "--no-follow"],
        cwd=home,
        env=CLEAN,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_on_a_terminal_it_is_for_reading_and_no_title_can_forge_a_line(
    tmp_path: Path,
) -> None:
    article = orjson.loads(event("One"))
    article["title"] = "[red]One\x1b[2J\nforged"
    home = written(tmp_path, orjson.dumps(article))
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "--from-beginning", "--no-follow"],
        cwd=home,
        env=CLEAN | {"TERM": "xterm", "COLUMNS": "100"},
        stdout=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    assert process.returncode == 0
    assert b"[red]One\\x1b[2J\\nforged" in shown
    assert b"alder.example" in shown
    assert b"\x1b[2J" not in shown


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end is closed
        return b""


def test_ctrl_c_ends_it_quietly(tmp_path: Path) -> None:
    home = written(tmp_path, event("One"))
    with subprocess.Popen(
        [*COMMAND, "--from-beginning"],
        cwd=home,
        env=CLEAN,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stderr.read() == b""


@pytest.mark.parametrize("arguments", [["--from-beginning"], []])
def test_following_it_shows_what_comes(tmp_path: Path, arguments: list[str]) -> None:
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=written(tmp_path), env=CLEAN, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        line = None
        while not line:
            written(tmp_path, event("Came later"))
            line = process.stdout.readline()
        process.kill()
    assert orjson.loads(line)["title"] == "Came later"
