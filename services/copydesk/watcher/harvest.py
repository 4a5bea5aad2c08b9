"""What one round of work brought in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from copydesk.transport.api import Message
from copydesk.watcher.closed import Skipped, Taken
from copydesk.watcher.disposal import Disposition, Failed
from copydesk.watcher.hints import Hint
from copydesk.watcher.scan import Walk

MAX_FILES: Final = 256
MAX_BYTES: Final = 2 << 20


@dataclass
class Harvest:
    """What a round did, and what must be published and told because of it."""

    messages: list[Message] = field(default_factory=list)
    due: list[bytes] = field(default_factory=list)
    """Known files that have their outcome and must be disposed of."""
    look_again: list[bytes] = field(default_factory=list)
    look_later: list[tuple[bytes, float, bytes]] = field(default_factory=list)
    """Path, seconds, signature."""
    skipped: list[Skipped] = field(default_factory=list)
    disposed: Counter[Disposition] = field(default_factory=Counter)
    failed: list[Failed] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    """Files that were read, and are not yet among the messages."""
    read_files: int = 0
    read_bytes: int = 0
    published: int = 0
    published_bytes: int = 0
    published_closed_at: list[int] = field(default_factory=list)
    """When each of those published was closed, nanoseconds."""
    too_large: list[Taken] = field(default_factory=list)
    unfinished: list[Hint] = field(default_factory=list)
    """Hints that were not got to."""
    finished_walks: list[Walk] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether a publish should come before anything more is read."""
        return (
            self.read_files >= MAX_FILES
            or self.read_bytes >= MAX_BYTES
            or len(self.due) >= MAX_FILES
        )
