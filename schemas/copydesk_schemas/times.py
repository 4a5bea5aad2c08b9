"""Times as they stand in messages: RFC 3339, UTC, microseconds, fixed width."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- UTC throughout; naive is faster


def to_text(microseconds: int) -> str:
    """A time in microseconds since the epoch, as text."""
    second, fraction = divmod(microseconds, 1_000_000)
    return f"{_second(second)}.{fraction:06}Z"


def from_text(text: str) -> int:
    """Microseconds since the epoch of what `to_text` made. Raises ValueError on anything else."""
    fraction = text[20:26]
    if len(text) != len("2025-01-10T08:30:00.000000Z") or text[19] + text[26] != ".Z":
        raise ValueError(f"not a time: {text!r}")
    if not (fraction.isascii() and fraction.isdigit()):
        raise ValueError(f"not a time: {text!r}")
    return _seconds(text[:19]) * 1_000_000 + int(fraction)


@lru_cache(1024)  # times come in clusters
def _second(second: int) -> str:
    return (_EPOCH + timedelta(seconds=second)).isoformat(timespec="seconds")


@lru_cache(1024)
def _seconds(text: str) -> int:
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(seconds=1)
