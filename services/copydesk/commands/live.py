"""Keeping what `copydesk run` shows on a terminal up to date."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from rich.console import Console
from rich.live import Live

from copydesk.commands.picture import NARROWEST, Facts, picture
from copydesk.telemetry.progress import Snapshot

_LOOK_SECONDS: Final = 0.25
_REDRAW_SECONDS: Final = 1.0
"""At least so often, for the clock; sooner when something changed."""
_RATE_SECONDS: Final = 3.0
_WIDEST: Final = 110
_ROOM: Final = 3
"""Columns to the right for the `^C` that a terminal echoes: on a line of its own it would shift
what is to be taken away."""


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
    """Redraw the view until `stopping` is set, then take it away.

    What is written to standard error meanwhile goes above the view, whole, if that is a terminal.
    A terminal that goes away does not stop the pipeline.
    """
    try:
        with Live(
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=sys.stderr.isatty(),
        ) as live:
            await _redraw(live, facts, look, stopping)
    except OSError:
        await stopping.wait()


async def _redraw(
    live: Live, facts: Facts, look: Callable[[], Snapshot], stopping: asyncio.Event
) -> None:
    began = drawn = time.monotonic()
    rate, shown = Rate(), None
    while not stopping.is_set():
        now, snapshot = time.monotonic(), look()
        speed = rate.after(now, snapshot.stored + snapshot.rejected)
        if snapshot != shown or now - drawn >= _REDRAW_SECONDS:
            width = max(NARROWEST, min(live.console.width - _ROOM, _WIDEST))
            live.update(picture(facts, snapshot, speed, now - began, width), refresh=True)
            shown, drawn = snapshot, now
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await stopping.wait()
        except TimeoutError:
            continue
