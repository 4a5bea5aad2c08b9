"""The files that are known, read back from the ledger topic."""

from __future__ import annotations

import time
from collections.abc import Iterable

import orjson

from copydesk.errors import Unusable
from copydesk.transport.api import Record
from copydesk.watcher.known import pack, unpack
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
                    entry = orjson.loads(value)
                    known[path] = pack(entry)
                    self.saw(times.from_text(entry["observed_at"]))
                else:
                    self._own(orjson.loads(value))
            except (KeyError, TypeError, ValueError) as error:
                raise Unusable(
                    f"the ledger has an entry that this version of copydesk cannot read"
                    f" ({record.topic}, offset {record.offset}); use the version that wrote it"
                ) from error

    def saw(self, observed_at: int) -> None:
        """An observed_at that was given out."""
        self.highest = max(self.highest, observed_at)

    def next_time(self) -> int:
        """An observed_at, later than every other whatever the clock does. Microseconds."""
        self.highest = max(time.time_ns() // 1000, self.highest + 1)
        return self.highest

    def oldest(self) -> float:
        """When the oldest of the known files was read; the clock where there is none. Seconds."""
        oldest = time.time()
        for record in self.known.values():
            entry = unpack(record)
            oldest = min(oldest, entry.read_at, entry.observed_at / 1e6)
        return oldest

    def _own(self, owner: Owner) -> None:
        self.owner = owner
        if owner["highest_observed_at"]:
            self.saw(times.from_text(owner["highest_observed_at"]))
