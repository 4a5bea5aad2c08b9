"""How a run starts, obeys signals, and ends."""

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

from copydesk.commands.run import _together
from copydesk.errors import Unusable
from copydesk.transport.api import Replaced

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")}
RUN = [sys.executable, "-m", "copydesk", "run", "--port", "0"]

SLOW_TO_STOP = """
import asyncio
from copydesk.commands.run import _obey_signals
from copydesk.telemetry.logs import open_log
from copydesk.telemetry.metrics import new_registry
from copydesk.telemetry.occurrences import Telemetry

async def main():
    log = open_log(level="info", form="json", service="copydesk", instance="test")
    _obey_signals(asyncio.Event(), Telemetry(new_registry(), log))
    print("obeys", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_second_signal_leaves_at_once(number: signal.Signals, status: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_TO_STOP], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"obeys\n"
        process.send_signal(number)
        assert orjson.loads(process.stderr.readline())["event"] == "service_stopping"
        assert process.poll() is None
        process.send_signal(number)
        assert process.wait(10) == status


@pytest.mark.parametrize("error", [Unusable("no disk"), Replaced("host b")])
async def test_what_one_part_cannot_go_on_without_ends_the_others_and_is_raised(
    error: Exception,
) -> None:
    ended = []

    async def works() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("works")

    async def fails() -> None:
        await asyncio.sleep(0)
        raise error

    with pytest.raises(type(error)) as raised:
        await _together([works(), fails()])
    assert raised.value is error
    assert ended == ["works"]


async def test_a_bug_is_raised_with_all_that_belongs_to_it() -> None:
    async def stumbles() -> None:
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup) as raised:
        await _together([stumbles()])
    assert raised.group_contains(ZeroDivisionError)


def test_it_says_where_everything_is_in_its_first_line(tmp_path: Path) -> None:
    with subprocess.Popen(
        RUN, cwd=tmp_path, env=CLEAN | {"COPYDESK_INBX": "x"}, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        unknown, started = (orjson.loads(process.stderr.readline()) for _ in range(2))
        process.terminate()
        *_, stopped = (orjson.loads(line) for line in process.stderr)
    assert process.returncode == 0
    assert (unknown["event"], unknown["nearest"]) == ("setting_unknown", "COPYDESK_INBOX")
    assert started["event"] == "service_started"
    assert started["inbox"] == str(tmp_path / "inbox")
    assert started["store"] == f"sqlite:///{tmp_path}/data/articles.db"
    assert started["address"].startswith("http://127.0.0.1:")
    assert stopped["event"] == "service_stopped"


def test_on_a_terminal_it_shows_the_live_view_and_leaves_one_line(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        RUN,
        cwd=tmp_path,
        env=CLEAN | {"TERM": "xterm", "COLUMNS": "80", "LINES": "24"},
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        while b"is ready" not in shown:
            shown += os.read(ours, 4096)
        process.send_signal(signal.SIGINT)
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    assert process.returncode == 0
    assert b"drop files into" in shown
    assert b"service_started" not in shown
    *_, last = shown.decode().split("\x1b[2K")
    assert last.strip().startswith("Ran for 0:00:0")
    assert last.strip().endswith("0 seen, 0 stored, 0 rejected.")
    assert shown.rfind(b"\x1b[?25h") > shown.rfind(b"\x1b[?25l")


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end is closed
        return b""
