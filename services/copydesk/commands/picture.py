"""What `copydesk run` shows on a terminal, as a picture of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from textwrap import wrap
from typing import Final, NamedTuple

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from copydesk.telemetry.harmless import harmless
from copydesk.telemetry.progress import SHOWN, Snapshot

NARROWEST: Final = 40
"""Columns; on less the picture is cut off at the right."""
_BORDERS: Final = 6
"""Columns that the frame takes, with its padding."""
_LABEL: Final = 15


class Facts(NamedTuple):
    """What does not change while the pipeline runs."""

    inbox: str
    store: str
    address: str


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
        _places(facts, width - _BORDERS),
        _totals(snapshot, rate),
        _stages(snapshot),
        _articles(snapshot),
        _rejection(snapshot, width - _BORDERS),
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


def _places(facts: Facts, width: int) -> Table:
    room = width - _LABEL - 2
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True, min_width=_LABEL)
    grid.add_column(no_wrap=True)
    store = facts.store.removeprefix("sqlite:///")
    grid.add_row("drop files into", Text(_end(harmless(facts.inbox), room), "bold cyan"))
    grid.add_row("articles are in", Text(_end(harmless(store), room)))
    grid.add_row("figures are on", Text(facts.address))
    return grid


def _end(text: str, room: int) -> str:
    """`text`, or where it takes more than `room` columns, as much of its end as goes."""
    if cell_len(text) <= room:
        return text
    while cell_len(text) >= room:
        text = text[1:]
    return "…" + text


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
    head = Table.grid(padding=(0, 2, 0, 0), expand=True)
    head.add_column(no_wrap=True, min_width=_LABEL)
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
