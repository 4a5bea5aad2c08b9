"""Everything that happens and is worth telling: one method each, its log event and its metric.

Methods are called once a batch, not once a record, from the event loop's thread. Levels: INFO is
lifecycle; WARNING says that something was left undone or refused and all else goes on; ERROR means
that a person is needed. Normal flow is silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from structlog.typing import FilteringBoundLogger

import copydesk
from copydesk.telemetry.folding import Folded
from copydesk.telemetry.metrics import (
    STAGES,
    Disposition,
    Folder,
    Metrics,
    Registry,
    SkipReason,
)
from copydesk.telemetry.progress import (
    Counted,
    Progress,
    RejectedSample,
    Snapshot,
    StoredSample,
)
from copydesk.transport.api import Lag, Size

_WORTH_A_LINE: frozenset[SkipReason] = frozenset({"symlink", "not_regular", "unreadable"})


class Telemetry:
    """The one place that counts and logs. `stages` are those that this process runs."""

    def __init__(
        self,
        registry: Registry,
        logger: FilteringBoundLogger,
        stages: Sequence[str] = STAGES,
    ) -> None:
        self._metrics = Metrics(registry, stages)
        self._log = logger
        self._progress = Progress(ready=dict.fromkeys(stages, False))
        self._rejected: dict[str, Folded] = {}

    # The process

    def service_started(self, inbox: str, transport: str, store: str, address: str) -> None:
        """All is open and the stages start. Addresses have no secrets in them (or masked ones)."""
        self._log.info(
            "service_started",
            version=copydesk.__version__,
            inbox=inbox,
            transport=transport,
            store=store,
            address=address,
        )

    def service_stopping(self, signal: str) -> None:
        """A signal came: the batches in hand commit, then the process ends."""
        self._log.info("service_stopping", signal=signal)

    def service_stopped(self, seconds: float) -> None:
        """The process ends after running for so long, with nothing in hand."""
        for folded in self._rejected.values():
            folded.tell()
        totals = self._progress
        self._log.info(
            "service_stopped",
            seconds=round(seconds, 3),
            seen=totals.seen,
            stored=totals.stored,
            rejected=totals.rejected,
        )

    def service_failed(self, exc: BaseException) -> None:
        """The process ends because of a bug of ours. Nothing that was committed is lost."""
        self._log.error("service_failed", exc_info=exc)

    def setting_unknown(self, name: str, nearest: str | None) -> None:
        """A variable looks like a setting and is none; `nearest` may be what was meant."""
        self._log.warning("setting_unknown", name=name, nearest=nearest)

    def topic_differs(self, topic: str, what: str, wanted: str, found: str) -> None:
        """A topic exists and is not as it should be; it is used as it is."""
        self._log.warning("topic_differs", topic=topic, what=what, wanted=wanted, found=found)

    # The watcher

    def watcher_started(self, inbox: str, known: int, seconds: float) -> None:
        """The ledger was read: it holds `known` files; that took `seconds`."""
        self._log.info("watcher_started", inbox=inbox, known=known, seconds=round(seconds, 3))
        self.known_files(known)
        self.stage_ready("watcher", ready=True)

    def watcher_owned_by_other(self, winner: str) -> None:
        """A newer watcher has the inbox's name; this one ends. `winner` names it."""
        self._log.error("watcher_owned_by_other", winner=winner)
        self.stage_ready("watcher", ready=False)

    def watcher_polls(self, path: str, why: str) -> None:
        """The folder gives no events (a network file system, another system): scans only."""
        self._log.info("watcher_polls", path=path, why=why)

    def files_observed(self, count: int) -> None:
        """So many states of files were seen for the first time."""
        self._metrics.files_observed.inc(count)
        self._progress.seen += count

    def files_published(self, count: int, size: int, waits: Sequence[float]) -> None:
        """So many states of files, of `size` bytes together, are durably in the raw topic.

        `waits` are the seconds from each one's closing until now.
        """
        self._metrics.files_published.inc(count)
        self._metrics.files_published_bytes.inc(size)
        observe = self._metrics.stage_latency.labels("watcher").observe
        for wait in waits:
            observe(wait)
        self._metrics.last_progress.labels("watcher").set_to_current_time()

    def files_skipped(
        self, reason: SkipReason, count: int, example_path: str | None = None
    ) -> None:
        """So many files were left alone.

        `example_path` (as text) is given when there is one that was not named before.
        """
        self._metrics.files_skipped.labels(reason).inc(count)
        if example_path is not None and reason in _WORTH_A_LINE:
            self._log.warning("files_skipped", reason=reason, count=count, path=example_path)

    def files_too_large(self, waits: Sequence[float], example: RejectedSample) -> None:
        """The watcher rejected files unread; `waits` are the seconds since each one's closing."""
        self.files_rejected("watcher", {"too_large": len(waits)}, example)
        self._late({"rejected": waits})

    def files_rejected(
        self, stage: str, codes: Mapping[str, int], example: RejectedSample | None = None
    ) -> None:
        """So many were rejected, by code; `example` is the last of them. A flood is one line."""
        for code, count in codes.items():
            self._metrics.rejections.labels(stage, code).inc(count)
            self._progress.rejected += count
        if example is not None:
            self._progress.rejection = example
        if stage not in self._rejected:
            self._rejected[stage] = Folded(partial(self._say_rejected, stage))
        self._rejected[stage].add(codes)

    def _say_rejected(self, stage: str, codes: Mapping[str, int]) -> None:
        self._log.warning("files_rejected", stage=stage, codes=codes)

    def files_disposed(self, disposition: Disposition, count: int) -> None:
        """So many files were moved, deleted and so on, by their outcome."""
        self._metrics.files_disposed.labels(disposition).inc(count)

    def disposal_failed(self, path: str, why: str) -> None:
        """A file (as text) cannot be moved or deleted and stays; its article is safe."""
        self._metrics.disposal_failures.inc()
        self._log.error("disposal_failed", path=path, why=why)

    def scan_finished(self, seconds: float, files: int) -> None:
        """The whole folder was walked: `files` files in `seconds`."""
        self._metrics.scan_duration.set(seconds)
        self._log.debug("scan_finished", seconds=round(seconds, 6), files=files)

    def events_lost(self) -> None:
        """The kernel's queue of events overflowed; a scan follows at once."""
        self._metrics.events_lost.inc()
        self._log.warning("events_lost")

    def known_files(self, count: int) -> None:
        """The ledger holds so many files now."""
        self._metrics.known_files.set(count)
        self._progress.known = count

    # The loop

    def batch_done(self, stage: str, counted: Counted) -> None:
        """A batch is committed."""
        metrics = self._metrics
        metrics.batch_records.labels(stage).observe(counted.records)
        metrics.batch_bytes.labels(stage).inc(counted.size)
        metrics.batch_duration.labels(stage).observe(counted.seconds)
        metrics.last_progress.labels(stage).set_to_current_time()
        observe = metrics.stage_latency.labels(stage).observe
        for wait in counted.waits:
            observe(wait)
        for outcome, count in counted.outcomes.items():
            metrics.records.labels(stage, outcome).inc(count)
        self._late(counted.latencies)
        for field, count in counted.unrepaired.items():
            metrics.unrepaired.labels(field).inc(count)
        if stage == "sink":
            stored = sum(counted.outcomes.values()) - counted.outcomes.get("rejected", 0)
            self._progress.stored += stored
        if counted.rejections:
            self.files_rejected(stage, counted.rejections)

    def _late(self, latencies: Mapping[str, Sequence[float]]) -> None:
        for outcome, seconds in latencies.items():
            observe = self._metrics.latency.labels(outcome).observe
            for one in seconds:
                observe(one)

    def stage_ready(self, stage: str, *, ready: bool) -> None:
        """A stage can do its work, or cannot."""
        if self._progress.ready.get(stage) == ready:
            return
        self._metrics.stage_ready.labels(stage).set(ready)
        self._progress.ready[stage] = ready

    def stage_waits(self, stage: str, why: str) -> None:
        """What a stage needs is away. Called at each try; the first is the outage's start."""
        if stage not in self._progress.waiting:
            self._metrics.outages.labels(stage).inc()
            self._log.error("stage_waits", stage=stage, why=why)
        self._progress.waiting[stage] = why
        self.stage_ready(stage, ready=False)

    def stage_resumes(self, stage: str, seconds: float) -> None:
        """What the stage needs is there. After an outage, `seconds` is how long that lasted."""
        if self._progress.waiting.pop(stage, None) is not None:
            self._log.info("stage_resumes", stage=stage, seconds=round(seconds, 3))
        self.stage_ready(stage, ready=True)

    def record_failed(  # noqa: PLR0917 -- topic, partition, offset: the order they always have
        self,
        stage: str,
        topic: str,
        partition: int,
        offset: int,
        version_id: str | None,
        exc: BaseException,
    ) -> None:
        """Our own code stumbled over a record, which is rejected as `internal_error`."""
        self._log.error(
            "record_failed",
            stage=stage,
            topic=topic,
            partition=partition,
            offset=offset,
            version_id=version_id,
            exc_info=exc,
        )

    def lag_measured(self, stage: str, topic: str, lag: Lag) -> None:
        """How far `stage` is behind `topic`."""
        self._metrics.lag_records.labels(topic, stage).set(lag.records)
        self._metrics.lag_seconds.labels(topic, stage).set(lag.seconds)
        self._progress.lag[stage] = lag

    def topic_measured(self, topic: str, size: Size, retention: float | None) -> None:
        """How much a topic holds, and for how many seconds it keeps a record."""
        self._metrics.topic_records.labels(topic).set(size.records)
        if size.bytes is not None:
            self._metrics.topic_bytes.labels(topic).set(size.bytes)
        if retention is not None:
            self._metrics.topic_retention.labels(topic).set(retention)

    def in_flight_measured(self, files: int, oldest_seconds: float) -> None:
        """So many versions have no outcome yet; the oldest was read so long ago, or 0."""
        self._metrics.files_in_flight.set(files)
        self._metrics.oldest_in_flight.set(oldest_seconds)

    def disk_measured(self, folder: Folder, size: int, free: int) -> None:
        """How large the file system of a folder is, and what we may yet write. Bytes."""
        self._metrics.disk_size.labels(folder).set(size)
        self._metrics.disk_free.labels(folder).set(free)

    def time_passes(self) -> None:
        """Tell what was held back for long enough. To be called every few seconds."""
        for folded in self._rejected.values():
            folded.tell_if_due()

    # What is shown

    def samples(
        self, articles: Sequence[StoredSample] = (), rejection: RejectedSample | None = None
    ) -> None:
        """The last few articles (newest first) and the last rejection, to be shown; not logged."""
        self._progress.articles.extendleft(reversed(articles))
        if rejection is not None:
            self._progress.rejection = rejection

    def snapshot(self) -> Snapshot:
        """Totals since the start and the present state."""
        return self._progress.snapshot()

    def not_ready(self) -> Sequence[str]:
        """The stages of this process that cannot do their work now."""
        return [stage for stage, ready in self._progress.ready.items() if not ready]
