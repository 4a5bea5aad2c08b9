"""What the live view shows, and what no title or name can do to it."""

from __future__ import annotations

import asyncio
import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from copydesk.commands.live import Rate, show
from copydesk.commands.picture import Facts, last_line, picture
from copydesk.telemetry.progress import SHOWN, RejectedSample, Snapshot, StoredSample
from copydesk.transport.api import Lag

FACTS = Facts("/srv/inbox", "sqlite:////srv/data/articles.db", "http://127.0.0.1:9464")
STAGES = ("watcher", "parser", "sink", "sink-receipts", "sink-ledger")
READY = dict.fromkeys(STAGES, True)
QUIET = Snapshot(0, 0, 0, 0, READY, {}, {}, (), None)
HOSTILE = "[bold red]x[/] \x1b[2J\x1b]0;title\x07\nforged │ line\u202e"


def drawn(snapshot: Snapshot, width: int = 80, rate: float = 0.0) -> list[str]:
    console = Console(file=io.StringIO(), width=width, record=True)
    console.print(picture(FACTS, snapshot, rate, 83, width))
    return console.export_text().splitlines()


def test_totals_rate_and_places_are_shown() -> None:
    text = "\n".join(drawn(QUIET._replace(seen=10234, stored=9876, rejected=7), rate=1850.3))
    for figure in (
        "10,234",
        "9,876",
        "7",
        "1,850",
        "/srv/inbox",
        "/srv/data/articles.db",
        "127.0.0.1:9464",
    ):
        assert figure in text
    assert "copydesk is ready" in text


def test_of_a_long_path_the_end_is_shown() -> None:
    facts = FACTS._replace(inbox="/very/long" * 20 + "/drop here")
    console = Console(file=io.StringIO(), width=80, record=True)
    console.print(picture(facts, QUIET, 0, 0, 80))
    (line,) = (line for line in console.export_text().splitlines() if "drop files into" in line)
    assert re.search(r"drop files into  ….*/drop here +│$", line)
    assert cell_len(line) == 80


def test_lag_of_a_services_stages_is_one_line() -> None:
    lag = {"sink": Lag(3, 1.0, {}), "sink-receipts": Lag(1200, 42.0, {})}
    (line,) = (line for line in drawn(QUIET._replace(lag=lag)) if "● sink" in line)
    assert "1,203" in line
    assert "42.0 s" in line


def test_a_stage_that_waits_says_why() -> None:
    waiting = QUIET._replace(ready=READY | {"sink": False}, waiting={"sink": "the disk is full"})
    text = "\n".join(drawn(waiting))
    assert "waits: the disk is full" in text
    assert "copydesk is waiting" in text


def test_it_says_when_it_is_not_ready_yet() -> None:
    text = "\n".join(drawn(QUIET._replace(ready=dict.fromkeys(STAGES, False))))
    assert "copydesk is starting" in text


def test_last_articles_and_the_last_rejection_are_shown() -> None:
    text = "\n".join(
        drawn(
            QUIET._replace(
                articles=[StoredSample("Bridge reopens", "example.org")],
                rejection=RejectedSample("a/b.txt", "bad_date", "No date."),
            )
        )
    )
    for part in ("Bridge reopens", "example.org", "a/b.txt", "bad_date", "No date."):
        assert part in text


@pytest.mark.parametrize("width", [40, 80, 200])
def test_nothing_hostile_moves_a_border_or_adds_a_line(width: int) -> None:
    hostile = QUIET._replace(
        articles=[StoredSample(HOSTILE * 5, HOSTILE)] * SHOWN,
        rejection=RejectedSample(HOSTILE * 5, "no_tags", HOSTILE * 5),
        waiting={"parser": HOSTILE * 5},
    )
    lines = drawn(hostile, width)
    assert len(lines) == len(drawn(QUIET, width))
    assert {cell_len(line) for line in lines} == {width}
    assert "\x1b" not in "".join(lines)


def test_it_fits_a_terminal_of_24_lines() -> None:
    assert len(drawn(QUIET)) <= 23


def test_the_rate_is_that_of_the_last_seconds() -> None:
    rate = Rate()
    assert rate.after(0.0, 0) == 0
    assert rate.after(2.0, 100) == 50
    assert rate.after(5.5, 100) == 0
    assert rate.after(100.0, 100) == 0


def test_the_last_line_says_what_the_run_came_to() -> None:
    line = last_line(QUIET._replace(seen=1234, stored=1230, rejected=4), 3725)
    assert line == "Ran for 1:02:05: 1,234 seen, 1,230 stored, 4 rejected."


async def test_the_view_is_taken_away_at_the_end_with_the_cursor_back() -> None:
    terminal = io.StringIO()
    console = Console(file=terminal, force_terminal=True, width=80, height=24)
    stopping = asyncio.Event()

    def look() -> Snapshot:
        stopping.set()
        return QUIET

    await show(console, FACTS, look, stopping)
    assert "drop files into" in terminal.getvalue()
    assert terminal.getvalue().rstrip().endswith("\x1b[2K")
    assert terminal.getvalue().rfind("\x1b[?25h") > terminal.getvalue().rfind("\x1b[?25l")


async def test_a_terminal_that_goes_away_does_not_stop_the_pipeline() -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(5, "Input/output error")

    stopping = asyncio.Event()
    showing = asyncio.ensure_future(
        show(Console(file=Gone(), force_terminal=True), FACTS, lambda: QUIET, stopping)
    )
    await asyncio.sleep(0)
    assert not showing.done()
    stopping.set()
    await asyncio.wait_for(showing, 5)
