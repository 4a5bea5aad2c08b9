"""What each occurrence counts and logs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from prometheus_client import CollectorRegistry, generate_latest
from structlog.testing import CapturingLogger

from copydesk.telemetry.occurrences import Telemetry
from copydesk.telemetry.progress import SHOWN, Counted, RejectedSample, StoredSample
from copydesk.transport.api import Lag, Size


class Watched:
    """A Telemetry, and what it said."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.logger = CapturingLogger()
        self.telemetry = Telemetry(
            self.registry,
            structlog.wrap_logger(
                self.logger, processors=[], wrapper_class=structlog.make_filtering_bound_logger(0)
            ),
        )

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)

    @property
    def said(self) -> Iterator[tuple[str, dict[str, object]]]:
        for call in self.logger.calls:
            yield call.method_name, call.kwargs


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_series_of_closed_sets_exist_at_zero_before_anything_happens(watched: Watched) -> None:
    assert watched.value("copydesk_records_total", stage="sink", outcome="stored") == 0
    assert watched.value("copydesk_rejections_total", stage="parser", code="bad_date") == 0
    assert watched.value("copydesk_files_skipped_total", reason="symlink") == 0
    assert watched.value("copydesk_stage_ready", stage="sink-ledger") == 0
    assert watched.value("copydesk_batch_records_count", stage="parser") == 0


def test_a_batch_is_counted_by_outcome_size_and_time(watched: Watched) -> None:
    watched.telemetry.batch_done(
        "sink",
        Counted(
            3,
            6000,
            0.02,
            [0.004, 0.3, 7.0],
            {"stored": 2, "updated": 1},
            latencies={"stored": [0.1, 9.0], "updated": [1.0]},
            unrepaired={"summary": 1},
        ),
    )
    assert watched.value("copydesk_records_total", stage="sink", outcome="stored") == 2
    assert watched.value("copydesk_records_total", stage="sink", outcome="updated") == 1
    assert watched.value("copydesk_batch_bytes_total", stage="sink") == 6000
    assert watched.value("copydesk_batch_records_sum", stage="sink") == 3
    assert watched.value("copydesk_batch_duration_seconds_sum", stage="sink") == 0.02
    assert watched.value("copydesk_latency_seconds_count", outcome="stored") == 2
    assert watched.value("copydesk_latency_seconds_bucket", outcome="stored", le="0.1") == 1
    assert watched.value("copydesk_stage_latency_seconds_bucket", stage="sink", le="0.5") == 2
    assert watched.value("copydesk_unrepaired_total", field="summary") == 1
    assert watched.telemetry.snapshot().stored == 3


def test_normal_flow_is_silent(watched: Watched) -> None:
    watched.telemetry.files_observed(2)
    watched.telemetry.files_published(2, 100, [0.1, 0.2])
    watched.telemetry.batch_done("parser", Counted(2, 100, 0.1, [0.0, 0.1], {"parsed": 2}))
    watched.telemetry.files_disposed("moved", 2)
    watched.telemetry.files_skipped("busy", 1, "a.txt")
    assert list(watched.said) == []


def test_rejections_of_a_batch_are_counted_and_said_once(watched: Watched) -> None:
    codes = {"empty": 1, "no_tags": 2}
    watched.telemetry.batch_done(
        "parser", Counted(5, 100, 0.1, [0.1] * 5, {"parsed": 2, "rejected": 3}, codes)
    )
    assert watched.value("copydesk_rejections_total", stage="parser", code="no_tags") == 2
    assert watched.telemetry.snapshot().rejected == 3
    assert [(level, said["event"], said["codes"]) for level, said in watched.said] == [
        ("warning", "files_rejected", {"empty": 1, "no_tags": 2})
    ]


def test_an_outage_is_one_error_at_its_start_and_one_info_at_its_end(watched: Watched) -> None:
    watched.telemetry.stage_ready("sink", ready=True)
    for _ in range(3):
        watched.telemetry.stage_waits("sink", "the disk is full")
    assert watched.telemetry.snapshot().waiting == {"sink": "the disk is full"}
    assert "sink" in watched.telemetry.not_ready()
    watched.telemetry.stage_resumes("sink", 12.5)
    watched.telemetry.stage_resumes("sink", 0.0)
    assert "sink" not in watched.telemetry.not_ready()
    assert [(level, said["event"]) for level, said in watched.said] == [
        ("error", "stage_waits"),
        ("info", "stage_resumes"),
    ]
    assert watched.value("copydesk_outages_total", stage="sink") == 1


def test_a_stage_that_resumes_without_an_outage_is_ready_and_says_nothing(watched: Watched) -> None:
    watched.telemetry.stage_resumes("parser", 0.0)
    assert watched.value("copydesk_stage_ready", stage="parser") == 1
    assert list(watched.said) == []


@pytest.mark.parametrize("reason", ["symlink", "not_regular", "unreadable"])
def test_a_file_that_nobody_will_take_is_named(watched: Watched, reason: str) -> None:
    watched.telemetry.files_skipped(reason, 2, "a.txt")  # type: ignore[arg-type]
    watched.telemetry.files_skipped(reason, 2)  # type: ignore[arg-type]
    assert watched.value("copydesk_files_skipped_total", reason=reason) == 4
    assert [said["path"] for _, said in watched.said] == ["a.txt"]


def test_lag_is_kept_by_topic_and_stage(watched: Watched) -> None:
    watched.telemetry.lag_measured("parser", "articles.raw", Lag(7, 1.5, {0: 3}))
    labels = {"stage": "parser", "topic": "articles.raw"}
    assert watched.value("copydesk_lag_records", **labels) == 7
    assert watched.value("copydesk_lag_seconds", **labels) == 1.5
    assert watched.telemetry.snapshot().lag["parser"].records == 7


def test_a_file_that_is_too_large_counts_as_rejected_and_as_late(watched: Watched) -> None:
    example = RejectedSample("a.txt", "too_large", "The file is too large.")
    watched.telemetry.files_too_large([0.2, 9.0], example)
    assert watched.value("copydesk_rejections_total", stage="watcher", code="too_large") == 2
    assert watched.value("copydesk_latency_seconds_bucket", outcome="rejected", le="5.0") == 1


def test_stocks_are_what_was_measured_last(watched: Watched) -> None:
    watched.telemetry.topic_measured("articles.raw", Size(7, 700), 60.0)
    watched.telemetry.topic_measured("articles.ledger", Size(3, None), None)
    watched.telemetry.in_flight_measured(2, 1.5)
    watched.telemetry.disk_measured("data", 1000, 10)
    assert watched.value("copydesk_topic_records", topic="articles.ledger") == 3
    assert watched.value("copydesk_topic_bytes", topic="articles.raw") == 700
    assert watched.value("copydesk_topic_bytes", topic="articles.ledger") is None
    assert watched.value("copydesk_topic_retention_seconds", topic="articles.raw") == 60
    assert watched.value("copydesk_topic_retention_seconds", topic="articles.ledger") is None
    assert watched.value("copydesk_files_in_flight") == 2
    assert watched.value("copydesk_oldest_in_flight_seconds") == 1.5
    assert watched.value("copydesk_disk_free_bytes", folder="data") == 10
    assert watched.value("copydesk_disk_size_bytes", folder="data") == 1000


def test_the_last_few_articles_are_shown_newest_first(watched: Watched) -> None:
    for batch in range(3):
        newest_first = [StoredSample(f"{batch}.{n}", "example.org") for n in (2, 1, 0)]
        watched.telemetry.samples(newest_first)
    titles = [article.title for article in watched.telemetry.snapshot().articles]
    assert titles == ["2.2", "2.1", "2.0", "1.2"][:SHOWN]


def test_the_last_rejection_stays_until_the_next(watched: Watched) -> None:
    first = RejectedSample("a.txt", "empty", "The file is empty.")
    watched.telemetry.files_rejected("watcher", {"too_large": 1}, first)
    watched.telemetry.samples([])
    assert watched.telemetry.snapshot().rejection == first


def test_the_number_of_series_is_bounded_whatever_the_input(watched: Watched) -> None:
    for number in range(1000):
        path = f"{number}\n.txt"
        watched.telemetry.files_skipped("symlink", 1, path)
        watched.telemetry.disposal_failed(path, "no space")
        watched.telemetry.record_failed("parser", "articles.raw", 0, number, path, ValueError())
    series = [line for line in generate_latest(watched.registry).splitlines() if line[:1] != b"#"]
    assert len(series) < 500
