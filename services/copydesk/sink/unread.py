"""What the log says of versions and has not come to storage yet.

The table `files` follows the ledger and the receipts; where the sink is behind, or was killed, the
rest is read from the log, so that what `trace` and `status` tell is right at every moment.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from copydesk.sink.event import Foreign
from copydesk.sink.notes import disposed_of, is_owner, observed_of, rejected_of
from copydesk.sink.store import Disposed, FileRow, Observed, RejectedFile, Survey, Tally
from copydesk.topics import SINK_GROUP, Topics
from copydesk.transport.api import At, Record, Transport

T = TypeVar("T", Disposed, Observed, RejectedFile)

_UNKNOWN = FileRow("", "", "", *[None] * 15)


class Unread(NamedTuple):
    """Notes by version id, as the sink will record them."""

    observed: Mapping[str, Observed]
    rejected: Mapping[str, RejectedFile]
    disposed: Mapping[str, Disposed]

    @property
    def version_ids(self) -> set[str]:
        """The versions that there is a note of."""
        return {*self.observed, *self.rejected, *self.disposed}

    def added_to(
        self, rows: Sequence[FileRow], also: Callable[[FileRow], bool] = lambda _: False
    ) -> list[FileRow]:
        """`rows` as they will be, and of the versions that are in the log alone those `also` takes.

        A version's outcome is its first: what a row has already stays.
        """
        known = {row.version_id for row in rows}
        more = [self._whole(one) for one in self.version_ids - known]
        return [
            *map(self._with_notes, rows),
            *sorted(filter(also, more), key=lambda row: row.observed_at or ""),
        ]

    def _whole(self, version_id: str) -> FileRow:
        note = (
            self.observed.get(version_id)
            or self.rejected.get(version_id)
            or self.disposed[version_id]
        )
        row = _UNKNOWN._replace(version_id=version_id, inbox=note.inbox, path=note.path)
        return self._with_notes(row)

    def _with_notes(self, row: FileRow) -> FileRow:
        seen = self.observed.get(row.version_id)
        if seen is not None and row.observed_at is None:
            row = row._replace(**seen._asdict())
        why = self.rejected.get(row.version_id)
        if why is not None and row.outcome is None:
            row = row._replace(
                outcome="rejected",
                code=why.code,
                reason=why.reason,
                field=why.field,
                line=why.line,
                settled_at=why.at,
            )
        done = self.disposed.get(row.version_id)
        if done is not None and row.disposition is None:
            row = row._replace(
                disposition=done.disposition, moved_to=done.moved_to, disposed_at=done.at
            )
        return row


async def read_unread(transport: Transport, topics: Topics) -> Unread:
    """Everything in the ledger and the receipts after the sink's positions in them.

    To be read before the storage: what the sink records in between is then in both, not in neither.
    """
    disposed: dict[str, Disposed] = {}
    observed: dict[str, Observed] = {}
    async for record in _after_sink(transport, topics.ledger.name):
        if record.value is None:
            _note(disposed, record, disposed_of)
        elif not is_owner(record):
            _note(observed, record, observed_of)
    rejected: dict[str, RejectedFile] = {}
    async for record in _after_sink(transport, topics.receipts.name):
        _note(rejected, record, rejected_of)
    return Unread(observed, rejected, disposed)


async def _after_sink(transport: Transport, topic: str) -> AsyncIterator[Record]:
    lag = await transport.lag(topic, SINK_GROUP)
    if not lag.records:
        return
    async for records in transport.read(topic, At(lag.positions.get(0, 0)), follow=False):
        for record in records:
            yield record


def _note(notes: dict[str, T], record: Record, read: Callable[[Record], T | None]) -> None:
    try:
        note = read(record)
    except Foreign:  # the sink counts it
        return
    if note is not None:
        notes.setdefault(note.version_id, note)


def counted(survey: Survey, unread: Unread) -> tuple[Tally, FileRow | None]:
    """All versions, those in the log alone included; and the oldest without an outcome.

    `survey` holds the rows of `unread.version_ids`, and more of the oldest than `unread` settles.
    """
    outcomes, codes = dict(survey.tally.outcomes), dict(survey.tally.codes)
    in_flight = survey.tally.in_flight
    before = {row.version_id: row for row in survey.files}
    after = unread.added_to(survey.files, lambda _: True)
    for row in after:
        old = before.get(row.version_id)
        if old is None or old.outcome != row.outcome:
            in_flight -= old is not None
            if row.outcome is None:
                in_flight += 1
            else:
                outcomes[row.outcome] = outcomes.get(row.outcome, 0) + 1
                if row.code is not None:
                    codes[row.code] = codes.get(row.code, 0) + 1
    waiting = [row for row in (*unread.added_to(survey.oldest), *after) if row.outcome is None]
    oldest = min(waiting, key=lambda row: row.observed_at or "", default=None)
    return Tally(outcomes, codes, in_flight), oldest
