"""What a watcher is told, and the names that it gives to folders of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

After = Literal["move", "keep", "delete"]
"""What becomes of a file whose outcome is known. `delete` concerns stored files only."""

MAX_FILE_BYTES: Final = 1 << 20
"""A larger file is rejected as `too_large`, and never read."""

DONE: Final = b"done"
REJECTED: Final = b"rejected"
PRIVATE: Final = b".copydesk"
STAGING: Final = b".copydesk/staging"
ERROR_SUFFIX: Final = b".error.json"


@dataclass(frozen=True, slots=True)
class WatcherOptions:
    """One inbox, and how it is watched. `include` and `exclude` are shell patterns (`names.py`)."""

    inbox: Path
    inbox_name: str = "inbox"
    after: After = "move"
    include: tuple[str, ...] = ("*",)
    exclude: tuple[str, ...] = ()
    settle_seconds: float = 10.0
    scan_seconds: float = 60.0
