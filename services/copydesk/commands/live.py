"""What `copydesk run` shows on a terminal."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import timedelta
from textwrap import wrap
from typing import Final, NamedTuple

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from copydesk.telemetry.harmless import harmless
from copydesk.telemetry.progress import SHOWN, Snapshot

_LOOK_SECONDS: Final = 0.25
_REDRAW_SECONDS: Final = 1.0
"""At least so often, for the clock; sooner when something changed."""
_RATE_SECONDS: Final = 3.0
_WIDEST: Final = 110
_ROOM: Final = 3
"""Columns to the right for the `^C` that a terminal echoes: on a line of its own it would shift
what is to be taken away."""


class Facts(NamedTuple):
    """What does not change while the pipeline runs."""

    inbox: str
    store: str
    address: str


class Rate:
    """Articles done a second, over the last few seconds."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def after(self, now: float, done: int) -> float:
        """The rate when at `now` (seconds of a steady clock) so many are done in all."""
        self._marks.append((now, done))
        while now - self._marks[0][0] > _RATE_SECONDS:
            self._marks.popleft()
        since, before = self._marks[0]
        return (done - before) / (now - since) if now > since else 0.0


async def show(
    console: Console, facts: Facts, look: Callable[[], Snapshot], stopping: asyncio.Event
) -> None:
    """Redraw the view until `stopping` is set; then take it away and leave one line.

    What is written to standard error meanwhile goes above the view, whole, if that is a terminal.
    """
    began = drawn = time.monotonic()
    rate, shown = Rate(), None
    with Live(
        console=console,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=sys.stderr.isatty(),
    ) as live:
        while not stopping.is_set():
            now, snapshot = time.monotonic(), look()
            speed = rate.after(now, snapshot.stored + snapshot.rejected)
            if snapshot != shown or now - drawn >= _REDRAW_SECONDS:
                width = min(console.width - _ROOM, _WIDEST)
                live.update(picture(facts, snapshot, speed, now - began, width), refresh=True)
                shown, drawn = snapshot, now
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    await stopping.wait()
            except TimeoutError:
                continue


def last_line(snapshot: Snapshot, seconds: float) -> str:
    """What a run came to, in one line."""
    return (
        f"Ran for {_span(seconds)}: {snapshot.seen:,} seen, {snapshot.stored:,} stored, "
        f"{snapshot.rejected:,} rejected."
    )


def picture(
    facts: Facts, snapshot: Snapshot, rate: float, seconds: float, width: int
) -> RenderableType:
    """The view, `width` columns wide, after `seconds` of running at so many articles a second.

    It fits a terminal of 24 lines.
    """
    parts = (
        _places(facts),
        _totals(snapshot, rate),
        _stages(snapshot),
        _articles(snapshot),
        _rejection(snapshot, width - 6),
    )
    lines = [line for part in parts for line in (Text(), part)][1:]
    return Panel(
        Group(*lines),
        title=Text.assemble((" copydesk ", "not dim bold"), _health(snapshot)),
        subtitle=Text(f" up {_span(seconds)} · Ctrl-C stops ", "dim"),
        border_style="dim",
        padding=(0, 2),
        width=width,
    )


def _health(snapshot: Snapshot) -> Text:
    if snapshot.waiting:
        return Text("is waiting ", "not dim bold red")
    if not all(snapshot.ready.values()):
        return Text("is starting ", "not dim yellow")
    return Text("is ready ", "not dim green")


def _places(facts: Facts) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(no_wrap=True, overflow="ellipsis")
    grid.add_row("drop files into", Text(harmless(facts.inbox), "bold cyan"))
    grid.add_row("articles are in", Text(harmless(facts.store.removeprefix("sqlite:///"))))
    grid.add_row("figures are on", Text(facts.address))
    return grid


def _totals(snapshot: Snapshot, rate: float) -> Table:
    per_second = f"{rate:,.0f}" if rate >= 10 or not rate else f"{rate:.1f}"  # noqa: PLR2004 -- digits
    figures = (
        ("seen", f"{snapshot.seen:,}", "bold"),
        ("stored", f"{snapshot.stored:,}", "bold green" if snapshot.stored else "bold"),
        ("rejected", f"{snapshot.rejected:,}", "bold red" if snapshot.rejected else "bold"),
        ("per second", per_second, "bold"),
    )
    grid = Table.grid(padding=(0, 3, 0, 0))
    for _ in figures:
        grid.add_column(justify="right", min_width=10, no_wrap=True)
    grid.add_row(*(Text(name, "dim") for name, _, _ in figures))
    grid.add_row(*(Text(figure, style) for _, figure, style in figures))
    return grid


def _stages(snapshot: Snapshot) -> Table:
    grid = Table.grid(padding=(0, 3, 0, 0), expand=True)
    grid.add_column(no_wrap=True, min_width=10)
    grid.add_column(justify="right", no_wrap=True, min_width=10)
    grid.add_column(justify="right", no_wrap=True, min_width=10)
    grid.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    grid.add_row(*(Text(name, "dim") for name in ("stage", "behind", "oldest", "")))
    for service in dict.fromkeys(_service(stage) for stage in snapshot.ready):
        grid.add_row(*_stage(service, snapshot))
    return grid


def _service(stage: str) -> str:
    """The service that a stage belongs to: `sink-receipts` is the sink's."""
    return stage.partition("-")[0]


def _stage(service: str, snapshot: Snapshot) -> Iterator[Text]:
    ready = all(ready for stage, ready in snapshot.ready.items() if _service(stage) == service)
    lags = [lag for stage, lag in snapshot.lag.items() if _service(stage) == service]
    why = next((why for stage, why in snapshot.waiting.items() if _service(stage) == service), None)
    behind = sum(lag.records for lag in lags)
    state = f"waits: {harmless(why)}" if why else "ready" if ready else "starts"
    style = "red" if why else "green" if ready else "yellow"
    yield Text.assemble(("● ", style), service)
    yield Text(f"{behind:,}" if lags else "")
    yield Text(f"{max(lag.seconds for lag in lags):,.1f} s" if behind else "")
    yield Text(state, style)


def _articles(snapshot: Snapshot) -> Table:
    grid = Table.grid(padding=(0, 3, 0, 0), expand=True)
    grid.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    grid.add_column(no_wrap=True, overflow="ellipsis", max_width=30, justify="right", style="cyan")
    grid.add_row(Text("last articles", "dim"), "")
    for article in snapshot.articles:
        grid.add_row(Text(harmless(article.title)), Text(harmless(article.site)))
    for _ in range(SHOWN - len(snapshot.articles)):
        grid.add_row(Text("·", "dim"), "")
    return grid


def _rejection(snapshot: Snapshot, width: int) -> Group:
    rejection = snapshot.rejection
    head = Table.grid(padding=(0, 3, 0, 0), expand=True)
    head.add_column(no_wrap=True, min_width=14)
    head.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    head.add_column(no_wrap=True, justify="right")
    label = Text("last rejection", "dim")
    if rejection is None:
        head.add_row(label, Text("none", "dim"), "")
        return Group(head, Text(), Text())
    head.add_row(label, Text(harmless(rejection.path)), Text(rejection.code, "red"))
    lines = wrap(harmless(rejection.reason), width, max_lines=2, placeholder=" …")
    return Group(
        head, *(Text(line, no_wrap=True, overflow="ellipsis") for line in [*lines, "", ""][:2])
    )


def _span(seconds: float) -> str:
    return str(timedelta(seconds=int(seconds)))
