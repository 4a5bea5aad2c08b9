"""Times as they stand in messages: RFC 3339, UTC, microseconds, fixed width."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- naive UTC renders without an offset
_AWARE_EPOCH = _EPOCH.replace(tzinfo=UTC)


def to_text(microseconds: int) -> str:
    """A time in microseconds since the epoch, as text."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return moment.isoformat(timespec="microseconds") + "Z"


def from_text(text: str) -> int:
    """Microseconds since the epoch of what `to_text` made. Raises ValueError on anything else."""
    return (datetime.fromisoformat(text) - _AWARE_EPOCH) // timedelta(microseconds=1)
