"""The files that are known, read back from the ledger topic."""

from __future__ import annotations

import time
from collections.abc import Iterable

import orjson

from copydesk.errors import Unusable
from copydesk.transport.api import Record
from copydesk.watcher.known import pack_entry, seen_at
from copydesk_schemas import times
from copydesk_schemas.messages import Owner


class Ledger:
    """What the ledger topic says of one inbox."""

    def __init__(self, inbox: str) -> None:
        self._prefix = inbox.encode() + b"/"
        self.known: dict[bytes, bytes] = {}
        """By path, `known.pack` of its entry."""
        self.owner: Owner | None = None
        self.highest = 0
        """The highest observed_at, microseconds."""

    def load(self, records: Iterable[Record]) -> None:
        """Take in some records of the topic, in their order.

        Raises Unusable on an entry that cannot be read: without it files would be taken twice.
        """
        latest = ""
        prefix, known, start = self._prefix, self.known, len(self._prefix)
        for record in records:
            key, value = record.key, record.value
            if key is None or not key.startswith(prefix):
                continue
            path = key[start:]
            if value is None:
                known.pop(path, None)
                continue
            try:
                if path:
                    known[path], observed = pack_entry(value)
                    latest = max(latest, observed)
                else:
                    self._own(orjson.loads(value))
            except (KeyError, TypeError, ValueError) as error:
                raise Unusable(
                    f"the ledger has an entry that this version of copydesk cannot read"
                    f" ({record.topic}, offset {record.offset}); use the version that wrote it"
                ) from error
        self._saw(latest)

    def next_time(self) -> int:
        """An observed_at, later than every other whatever the clock does. Microseconds."""
        self.highest = max(time.time_ns() // 1000, self.highest + 1)
        return self.highest

    def oldest(self) -> float:
        """When the oldest of the known files was read; the clock where there is none. Seconds."""
        return min(time.time(), min(map(seen_at, self.known.values()), default=float("inf")))

    def _own(self, owner: Owner) -> None:
        self.owner = owner
        self._saw(owner["highest_observed_at"])

    def _saw(self, observed_at: str) -> None:
        if observed_at:
            self.highest = max(self.highest, times.from_text(observed_at))
