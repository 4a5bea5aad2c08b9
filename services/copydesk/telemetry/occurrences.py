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
from copydesk.telemetry.metrics import STAGES, Disposition, Metrics, Registry, SkipReason
from copydesk.telemetry.progress import Progress, RejectedSample, Snapshot, StoredSample
from copydesk.transport.api import Lag

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

    def files_published(self, count: int, size: int) -> None:
        """So many states of files, of `size` bytes together, are durably in the raw topic."""
        self._metrics.files_published.inc(count)
        self._metrics.files_published_bytes.inc(size)
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

    def files_rejected(
        self, stage: str, codes: Mapping[str, int], example: RejectedSample | None = None
    ) -> None:
        """So many were rejected, by code; `example` is the last of them. A flood is one line.

        The watcher calls it; for the stages of the loop `batch_done` does.
        """
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

    def batch_done(  # noqa: PLR0917 -- the loop counts what a step says, in its order
        self,
        stage: str,
        records: int,
        size: int,
        seconds: float,
        outcomes: Mapping[str, int],
        rejections: Mapping[str, int],
        latencies: Sequence[float],
    ) -> None:
        """A batch is committed: `size` bytes, `seconds` from its arrival to its commit.

        `outcomes` counts its records by what they came to, `rejections` by code; `latencies` are
        the seconds from file closed to row stored, of the sink alone.
        """
        metrics = self._metrics
        metrics.batch_records.labels(stage).observe(records)
        metrics.batch_bytes.labels(stage).inc(size)
        metrics.batch_duration.labels(stage).observe(seconds)
        metrics.last_progress.labels(stage).set_to_current_time()
        for outcome, count in outcomes.items():
            metrics.records.labels(stage, outcome).inc(count)
        for latency in latencies:
            metrics.latency.observe(latency)
        if stage == "sink":
            self._progress.stored += sum(outcomes.values()) - outcomes.get("rejected", 0)
        if rejections:
            self.files_rejected(stage, rejections)

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
