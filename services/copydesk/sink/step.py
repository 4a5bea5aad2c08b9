"""The sink's three stages: events, receipts and ledger entries become rows.

What the sink stores, it records with its outcome in one transaction, and publishes the receipt
after it. What others reject comes to the table `files` by their receipts, what the watcher took in
and what it did with the file by the ledger.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from copydesk.loop.stage import Done, Stage
from copydesk.outcomes import Version, foreign, receipt, rejected, rejection
from copydesk.sink.event import Event, Foreign, checked_headers, event_of
from copydesk.sink.notes import disposed_of, is_owner, observed_of, rejected_of
from copydesk.sink.store import Disposed, Observed, RejectedFile, Settled, Store
from copydesk.telemetry.progress import SHOWN, RejectedSample, StoredSample
from copydesk.topics import SINK_GROUP, Topics
from copydesk.transport.api import Message, Record
from copydesk_schemas.headers import ARTICLE, CLOSED_AT, INBOX, JSON
from copydesk_schemas.messages import Code, Rejection
from copydesk_schemas.times import from_text, to_text

Clock = Callable[[], float]
"""Seconds since the epoch."""


def stages(store: Store, topics: Topics, clock: Clock = time.time) -> tuple[Stage, Stage, Stage]:
    """All that the sink runs: `sink`, `sink-receipts`, `sink-ledger`."""
    sink = _Sink(store, topics, clock)
    return (
        Stage("sink", topics.normalized.name, SINK_GROUP, sink.store_events, sink.give_up_event),
        Stage("sink-receipts", topics.receipts.name, SINK_GROUP, sink.note_receipts, _counted),
        Stage("sink-ledger", topics.ledger.name, SINK_GROUP, sink.note_ledger, _counted),
    )


class _Sink:
    def __init__(self, store: Store, topics: Topics, clock: Clock) -> None:
        self._store = store
        self._topics = topics
        self._clock = clock

    async def store_events(self, records: Sequence[Record]) -> Done:
        """Normalized events → rows, then receipts."""
        events: list[Event] = []
        outputs: list[Message] = []
        for record in records:
            try:
                events.append(event_of(record))
            except Foreign as error:
                outputs.append(self._foreign(record, rejection("bad_message", str(error))))
        bad = len(outputs)
        answers = await self._store.record_articles(events, self._now())
        outputs += map(self._receipt, events, answers)
        outcomes = Counter[str](answer.outcome for answer in answers)
        if bad:
            outcomes["rejected"] += bad
        return Done(
            outputs,
            outcomes,
            {"bad_message": bad} if bad else {},
            _latencies(events, answers, self._clock()),
            articles=_samples(events, answers),
        )

    def give_up_event(self, record: Record, code: Code, reason: str) -> Done:
        """An event that storage refuses, or that we stumble over, is rejected with its content."""
        why = rejection(code, reason)
        try:
            headers = checked_headers(record, ARTICLE)
            version = Version(headers["ce_id"], headers[INBOX], headers["ce_subject"])
            closed_at = headers[CLOSED_AT]
            from_text(closed_at)
        except (Foreign, KeyError, ValueError):
            return Done([self._foreign(record, why)], {"rejected": 1}, {code: 1})
        names, now = self._topics, self._now()
        outputs = [
            rejected(
                names.rejected,
                version,
                why,
                record.value,
                at=now,
                closed_at=closed_at,
                content_type=JSON,
                origin=record,
            ),
            receipt(names.receipts.name, version, "rejected", at=now, why=why),
        ]
        sample = RejectedSample(version.path, code, why["reason"])
        late = {"rejected": [_since(closed_at, self._clock())]}
        return Done(outputs, {"rejected": 1}, {code: 1}, late, rejection=sample)

    async def note_receipts(self, records: Sequence[Record]) -> Done:
        """Receipts → files. Those of stored articles are in storage before they are published."""
        notes: list[RejectedFile] = []
        bad = 0
        for record in records:
            try:
                note = rejected_of(record)
            except Foreign:
                bad += 1
                continue
            if note is not None:
                notes.append(note)
        await self._store.record_files(rejected=notes)
        return _noted(len(records), bad)

    async def note_ledger(self, records: Sequence[Record]) -> Done:
        """Ledger entries and tombstones → files."""
        observed: list[Observed] = []
        disposed: list[Disposed] = []
        bad = 0
        for record in records:
            try:
                if record.value is None:
                    disposed.append(disposed_of(record))
                elif not is_owner(record):
                    observed.append(observed_of(record))
            except Foreign:
                bad += 1
        await self._store.record_files(observed=observed, disposed=disposed)
        return _noted(len(records), bad)

    def _now(self) -> str:
        return to_text(int(self._clock() * 1e6))

    def _foreign(self, record: Record, why: Rejection) -> Message:
        return foreign(self._topics.rejected, record, why, at=self._now())

    def _receipt(self, event: Event, answer: Settled) -> Message:
        return receipt(
            self._topics.receipts.name,
            Version(answer.version_id, event.source_inbox, event.source_path),
            answer.outcome,
            at=answer.at,
            article_id=answer.article_id,
            revision=answer.revision,
            why=answer.rejection,
        )


def _noted(records: int, bad: int) -> Done:
    if not bad:
        return Done(outcomes={"recorded": records})
    return Done((), {"recorded": records - bad, "rejected": bad}, {"bad_message": bad})


def _counted(record: Record, code: Code, reason: str) -> Done:
    return Done((), {"rejected": 1}, {code: 1})


def _latencies(
    events: Sequence[Event], answers: Sequence[Settled], now: float
) -> dict[str, list[float]]:
    latencies: defaultdict[str, list[float]] = defaultdict(list)
    for event, answer in zip(events, answers, strict=True):
        if answer.fresh:
            latencies[answer.outcome].append(_since(event.closed_at, now))
    return dict(latencies)


def _since(closed_at: str, now: float) -> float:
    return max(0.0, now - from_text(closed_at) / 1e6)


def _samples(events: Sequence[Event], answers: Sequence[Settled]) -> list[StoredSample]:
    fresh = [event for event, answer in zip(events, answers, strict=True) if answer.fresh]
    return [StoredSample(event.title, event.site) for event in reversed(fresh[-SHOWN:])]
