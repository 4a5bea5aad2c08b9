"""docs/telemetry.md and the code say the same, in both directions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from prometheus_client import CollectorRegistry

from copydesk.telemetry import occurrences
from copydesk.telemetry.metrics import (
    CODES,
    OUTCOMES,
    STAGES,
    Disposition,
    Folder,
    Metrics,
    SkipReason,
    new_registry,
)
from copydesk.telemetry.progress import FIELDS
from copydesk.topics import topics
from copydesk_schemas.messages import Outcome

PAGE = Path(__file__).parents[3] / "docs" / "telemetry.md"


def rows(section: str) -> Iterator[list[str]]:
    """The cells of every table row under the heading `## section`."""
    text = PAGE.read_text("utf-8").split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    for line in text.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_metric_is_on_the_page_with_its_type_and_labels() -> None:
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    metrics.lag_records.labels("articles.raw", "parser")
    metrics.lag_seconds.labels("articles.raw", "parser")
    for topic in (metrics.topic_records, metrics.topic_bytes, metrics.topic_retention):
        topic.labels("articles.raw")
    for disk in (metrics.disk_size, metrics.disk_free):
        disk.labels("data")
    real = {}
    for metric in registry.collect():
        labels = {name for sample in metric.samples for name in sample.labels} - {"le"}
        suffix = "_total" if metric.type == "counter" else ""
        real[metric.name + suffix] = (metric.type, labels)
    documented = {
        quoted(name)[0]: (kind, set(quoted(labels))) for name, kind, labels, *_ in rows("Metrics")
    }
    assert real == documented


def test_the_page_lists_the_labels_values() -> None:
    values = {quoted(cells[0])[0]: quoted(cells[1]) for cells in rows("Labels") if len(cells) == 2}
    names = topics()
    assert values["stage"] == list(STAGES)
    assert values["reason"] == list(get_args(SkipReason))
    assert values["disposition"] == list(get_args(Disposition))
    assert values["topic"] == [topic.name for topic in names]
    assert values["outcome"] == list(get_args(Outcome))
    assert values["field"] == list(FIELDS)
    assert values["folder"] == list(get_args(Folder))


def test_the_page_lists_outcomes_and_codes_of_every_stage() -> None:
    tables = {quoted(cells[0])[0]: cells[1:] for cells in rows("Labels") if len(cells) == 3}
    assert {stage: quoted(cells[0]) for stage, cells in tables.items()} == {
        stage: list(OUTCOMES.get(stage, ())) for stage in STAGES
    }
    assert {stage: quoted(cells[1]) for stage, cells in tables.items()} == {
        stage: list(CODES[stage]) for stage in STAGES
    }


def logged() -> Iterator[tuple[str, str, list[str]]]:
    """Name, level and fields of each event that the code of `occurrences` logs."""
    for node in ast.walk(ast.parse(Path(occurrences.__file__).read_text("utf-8"))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="_log"), attr=level),
                args=[ast.Constant(value=str(name))],
                keywords=keywords,
            ):
                fields = [keyword.arg or "" for keyword in keywords]
                yield name, level, [field for field in fields if field != "exc_info"]


def test_every_log_event_is_on_the_page_with_its_level_and_fields() -> None:
    documented = {
        quoted(name)[0]: (level, quoted(fields)) for name, level, fields, *_ in rows("Log events")
    }
    assert documented.pop("library_said") == ("as given", ["library", "message"])
    assert {name: (level, fields) for name, level, fields in logged()} == documented


def test_nothing_but_occurrences_logs() -> None:
    """An event that is logged elsewhere would be on no page and have no metric."""
    services = Path(occurrences.__file__).parents[1]
    loggers = {
        path.relative_to(services).as_posix()
        for path in services.rglob("*.py")
        if re.search(
            r"\bgetLogger\(|\bget_logger\(|\blogging\.(info|warning|error)\(", path.read_text()
        )
    }
    silencing = {"sink/postgres/connect.py", "transport/kafka/__init__.py"}  # a library each
    assert loggers == silencing


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc on this system")
def test_a_new_registry_has_the_figures_of_the_process() -> None:
    assert new_registry().get_sample_value("process_resident_memory_bytes")
