"""Receipts: what became of the versions that the ledger holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator, MutableMapping
from typing import Final, NamedTuple

import msgspec

from copydesk.transport.api import Record
from copydesk.watcher.known import unpack, with_outcome
from copydesk_schemas.messages import Outcome, Rejection
from copydesk_schemas.paths import text_to_path

MAX_REJECTIONS: Final = 10_000


class _Receipt(msgspec.Struct):
    """What is read of a receipt; anybody may have written it."""

    version_id: str
    inbox: str
    path: str
    outcome: Outcome
    rejection: Rejection | None


_decode = msgspec.json.Decoder(_Receipt).decode


class Settled(NamedTuple):
    """A known file whose outcome is known now; of a rejected one the rejection."""

    path: bytes
    rejection: Rejection | None


def matching(
    records: Iterable[Record], inbox: str, known: MutableMapping[bytes, bytes]
) -> Iterator[Settled]:
    """Those of `records` that are about a version in `known`, whose outcome is noted there.

    A receipt of a version that has been replaced by another acts on nothing.
    """
    for record in records:
        if record.value is None:
            continue
        try:
            receipt = _decode(record.value)
            if receipt.inbox != inbox:
                continue
            path = text_to_path(receipt.path)
            version = bytes.fromhex(receipt.version_id.replace("-", ""))
        except (msgspec.MsgspecError, ValueError):  # none of ours
            continue
        entry = known.get(path)
        if entry is not None and unpack(entry).version == version:
            known[path] = with_outcome(entry, receipt.outcome)
            yield Settled(path, receipt.rejection)


class Verdicts:
    """The known files that must be disposed of, and why the rejected ones were."""

    def __init__(self, inbox: str, known: MutableMapping[bytes, bytes]) -> None:
        self._inbox = inbox
        self._known = known
        self._due: deque[Settled] = deque()
        self._rejections: dict[bytes, Rejection] = {}
        """Of files that are still there, by path; some of them, where they are many."""

    def __bool__(self) -> bool:
        return bool(self._due)

    def hear(self, records: Iterable[Record]) -> None:
        """Some receipts came."""
        self._due.extend(matching(records, self._inbox, self._known))

    def recall(self, records: Iterable[Record], wanted: Container[bytes]) -> None:
        """Note the rejections of the paths `wanted` from receipts that were heard before."""
        for path, rejection in matching(records, self._inbox, self._known):
            if rejection is not None and path in wanted:
                self._rejections[path] = rejection

    def again(self, paths: Iterable[bytes]) -> None:
        """Known files with an outcome are still there."""
        self._due.extend(Settled(path, None) for path in paths)

    def next(self, count: int) -> list[Settled]:
        """Up to `count` files to be disposed of."""
        return [self._due.popleft() for _ in range(min(count, len(self._due)))]

    def complete(self, due: Iterable[Settled]) -> list[Settled]:
        """`due` with the rejections that are remembered."""
        return [Settled(path, rejection or self._rejections.get(path)) for path, rejection in due]

    def unexplained(self, due: Iterable[Settled]) -> set[bytes]:
        """Paths of those of `due` that were rejected, nobody remembers why."""
        return {
            path
            for path, rejection in due
            if rejection is None
            and path not in self._rejections
            and path in self._known
            and unpack(self._known[path]).outcome == "rejected"
        }

    def tried(self, due: Iterable[Settled]) -> None:
        """Disposal of these was tried; those that are still known are still there."""
        for path, rejection in due:
            if path not in self._known:
                self._rejections.pop(path, None)
            elif rejection is not None and len(self._rejections) < MAX_REJECTIONS:
                self._rejections[path] = rejection
