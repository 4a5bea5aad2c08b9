"""Every metric, with its closed sets of labels. docs/telemetry.md says what each one means."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from typing import Final, Literal, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

import copydesk
from copydesk.telemetry.progress import FIELDS
from copydesk_schemas.messages import Code, Outcome

SkipReason = Literal[
    "symlink", "not_regular", "unreadable", "busy", "settling", "vanished", "unchanged"
]
"""Why a file was left alone. `busy`: somebody has it open for writing."""

Disposition = Literal["moved", "rejected", "deleted", "vanished", "put_back", "kept"]
"""What was done with a file whose outcome is known."""

Folder = Literal["inbox", "data"]
"""Whose disk is watched."""

_STORED: Final = tuple(outcome for outcome in get_args(Outcome) if outcome != "rejected")
_OF_A_MESSAGE: Final[tuple[Code, ...]] = ("bad_message", "internal_error")
_OF_A_STORE: Final[tuple[Code, ...]] = ("refused_by_store", *_OF_A_MESSAGE)

OUTCOMES: Final[Mapping[str, Sequence[str]]] = {
    "parser": ("parsed", "rejected"),
    "sink": (*_STORED, "rejected"),
    "sink-receipts": ("recorded", "rejected"),
    "sink-ledger": ("recorded", "rejected"),
}
"""What a record can come to, by stage."""

CODES: Final[Mapping[str, Sequence[Code]]] = {
    "watcher": ("too_large",),
    "parser": tuple(code for code in get_args(Code) if code != "refused_by_store"),
    "sink": _OF_A_STORE,
    "sink-receipts": _OF_A_STORE,
    "sink-ledger": _OF_A_STORE,
}
"""Why a stage can reject."""

STAGES: Final = tuple(CODES)

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LATENCIES: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)
_RECORDS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


Registry = CollectorRegistry
"""Where metrics are registered."""


def new_registry() -> Registry:
    """A registry that has the process's own figures already (`process_…`: memory, CPU, files)."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return registry


class Metrics:
    """The metrics of one process, registered where the caller says; nothing here is global.

    Series of the given stages exist at 0 from the start, so that the first increase is seen.
    """

    def __init__(self, registry: Registry, stages: Sequence[str] = STAGES) -> None:
        # They would double the series and tell nothing that is asked.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._files(registry)
        self._batches(registry)
        self._stages(registry)
        self._stocks(registry)
        self._start_at_zero(stages)

    def _files(self, registry: Registry) -> None:
        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(name, text, labels, registry=registry)

        self.files_observed = counter(
            "copydesk_files_observed", "States of files that the inbox showed for the first time."
        )
        self.files_published = counter(
            "copydesk_files_published", "States of files that were published to the raw topic."
        )
        self.files_published_bytes = counter(
            "copydesk_files_published_bytes", "Size of the files published."
        )
        self.files_skipped = counter(
            "copydesk_files_skipped", "Times that a file was left alone, by reason.", "reason"
        )
        self.files_disposed = counter(
            "copydesk_files_disposed", "Files whose outcome was acted upon.", "disposition"
        )
        self.disposal_failures = counter(
            "copydesk_disposal_failures", "Times that a file could not be moved or deleted."
        )
        self.events_lost = counter(
            "copydesk_events_lost", "Times that the file system's events overflowed."
        )
        self.known_files = Gauge(
            "copydesk_known_files", "Files that the ledger holds.", registry=registry
        )
        self.scan_duration = Gauge(
            "copydesk_scan_duration_seconds", "How long the last scan took.", registry=registry
        )

    def _batches(self, registry: Registry) -> None:
        self.records = Counter(
            "copydesk_records",
            "Records that a stage is done with, by what they came to.",
            ("stage", "outcome"),
            registry=registry,
        )
        self.rejections = Counter(
            "copydesk_rejections",
            "Rejections, by the stage that made them and their code.",
            ("stage", "code"),
            registry=registry,
        )
        self.batch_duration = Histogram(
            "copydesk_batch_duration_seconds",
            "From a batch's arrival to its commit.",
            ("stage",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.batch_records = Histogram(
            "copydesk_batch_records",
            "Records in a batch.",
            ("stage",),
            buckets=_RECORDS,
            registry=registry,
        )
        self.batch_bytes = Counter(
            "copydesk_batch_bytes",
            "Size of the records that a stage is done with.",
            ("stage",),
            registry=registry,
        )
        self.latency = Histogram(
            "copydesk_latency_seconds",
            "From a file's closing to its outcome: stored, or rejected.",
            ("outcome",),
            buckets=_LATENCIES,
            registry=registry,
        )
        self.stage_latency = Histogram(
            "copydesk_stage_latency_seconds",
            "A stage's share of that: from a record's appending to the stage's commit.",
            ("stage",),
            buckets=_LATENCIES,
            registry=registry,
        )
        self.unrepaired = Counter(
            "copydesk_unrepaired",
            "Fields that went out as they came, because their repair broke a law.",
            ("field",),
            registry=registry,
        )

    def _stages(self, registry: Registry) -> None:
        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(name, text, labels, registry=registry)

        self.lag_records = gauge(
            "copydesk_lag_records", "Records that a stage has yet to commit.", "topic", "stage"
        )
        self.lag_seconds = gauge(
            "copydesk_lag_seconds",
            "Age of the oldest record that a stage has yet to commit.",
            "topic",
            "stage",
        )
        self.last_progress = gauge(
            "copydesk_last_progress_timestamp_seconds",
            "When a stage last committed a batch; its start, before the first.",
            "stage",
        )
        self.stage_ready = gauge(
            "copydesk_stage_ready", "1 while a stage can do its work.", "stage"
        )
        self.outages = Counter(
            "copydesk_outages", "Times that a stage began to wait.", ("stage",), registry=registry
        )
        self.build_info = gauge("copydesk_build_info", "Always 1.", "version", "python")

    def _stocks(self, registry: Registry) -> None:
        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(name, text, labels, registry=registry)

        self.files_in_flight = gauge(
            "copydesk_files_in_flight", "Files taken in that have no outcome yet."
        )
        self.oldest_in_flight = gauge(
            "copydesk_oldest_in_flight_seconds", "Since the oldest of those was read."
        )
        self.topic_records = gauge("copydesk_topic_records", "Records in a topic.", "topic")
        self.topic_bytes = gauge("copydesk_topic_bytes", "Size of a topic.", "topic")
        self.topic_retention = gauge(
            "copydesk_topic_retention_seconds", "How long a topic keeps a record.", "topic"
        )
        self.disk_size = gauge(
            "copydesk_disk_size_bytes", "Size of a folder's file system.", "folder"
        )
        self.disk_free = gauge(
            "copydesk_disk_free_bytes", "What may yet be written to a folder.", "folder"
        )

    def _start_at_zero(self, stages: Sequence[str]) -> None:
        for reason in get_args(SkipReason):
            self.files_skipped.labels(reason)
        for disposition in get_args(Disposition):
            self.files_disposed.labels(disposition)
        for outcome in get_args(Outcome):
            self.latency.labels(outcome)
        for field in FIELDS:
            self.unrepaired.labels(field)
        for stage in stages:
            for outcome in OUTCOMES.get(stage, ()):
                self.records.labels(stage, outcome)
            for code in CODES.get(stage, ()):
                self.rejections.labels(stage, code)
            self.stage_latency.labels(stage)
            if stage in OUTCOMES:
                self.batch_duration.labels(stage)
                self.batch_records.labels(stage)
                self.batch_bytes.labels(stage)
            self.last_progress.labels(stage).set_to_current_time()
            self.stage_ready.labels(stage)
            self.outages.labels(stage)
        self.build_info.labels(copydesk.__version__, platform.python_version()).set(1)
