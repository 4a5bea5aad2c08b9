"""Telling of a flood in few lines."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

EVERY_SECONDS: Final = 10.0


class Folded:
    """Counts that are told at once when it was quiet, and else together every ten seconds."""

    def __init__(
        self, tell: Callable[[Mapping[str, int]], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell = tell
        self._clock = clock
        self._counts: Counter[str] = Counter()
        self._quiet_from = clock()

    def add(self, counts: Mapping[str, int]) -> None:
        """So many more, by name."""
        self._counts.update(counts)
        self.tell_if_due()

    def tell_if_due(self) -> None:
        """Tell what was held back, if that was long enough."""
        if self._clock() >= self._quiet_from:
            self.tell()

    def tell(self) -> None:
        """Tell what was held back, if there is anything."""
        if self._counts:
            counts, self._counts = dict(self._counts), Counter()
            self._quiet_from = self._clock() + EVERY_SECONDS
            self._tell(counts)
