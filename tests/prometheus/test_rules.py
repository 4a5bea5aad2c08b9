"""Rules, alerts, dashboards and their pages say the same."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.prometheus.documented import documented_metrics
from tests.prometheus.panels import DASHBOARDS, queries
from tests.prometheus.server import DEPLOY, RULES, program
from tests.servers import NoServer, missing

DOCS: Final = DEPLOY.parent / "docs"
PROMETHEUS: Final = DEPLOY / "prometheus"


@pytest.fixture
def promtool() -> str:
    try:
        return program("promtool", "PROMTOOL_BIN")
    except NoServer as reason:
        missing(reason)


def text(path: Path) -> str:
    return path.read_text("utf-8")


def alerts() -> list[str]:
    return re.findall(r"- alert: (\w+)", text(PROMETHEUS / "alerts.yml"))


def test_the_configuration_and_its_rules_are_right(promtool: str) -> None:
    command = [promtool, "check", "config", "prometheus.yml"]
    checked = subprocess.run(command, cwd=PROMETHEUS, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert all(name in checked.stdout for name in RULES)


def test_each_alert_fires_for_its_trouble_and_not_short_of_it(promtool: str) -> None:
    command = [promtool, "test", "rules", "alerts.test.yml"]
    tested = subprocess.run(command, cwd=PROMETHEUS, capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_each_alert_has_its_tests() -> None:
    named = re.findall(r"- name: (.+)", text(PROMETHEUS / "alerts.test.yml"))
    assert sorted(named) == sorted(n for name in alerts() for n in (name, f"{name} is silent"))


def test_each_alert_has_its_section_and_no_section_is_without() -> None:
    sections = re.findall(r"^## (\w+)$", text(DOCS / "operations.md"), re.MULTILINE)
    assert sections == alerts()
    named = re.findall(r"runbook_url: (\S+)", text(PROMETHEUS / "alerts.yml"))
    assert named == [f"docs/operations.md#{name.lower()}" for name in alerts()]


def test_rules_and_panels_ask_for_metrics_that_there_are() -> None:
    recorded = set(re.findall(r"record: (\S+)", text(PROMETHEUS / "rules.yml")))
    asked = [text(PROMETHEUS / name) for name in RULES] + [one.expression for one in queries()]
    for expression in asked:
        assert set(re.findall(r"\bcopydesk_\w+", expression)) <= documented_metrics()
        assert set(re.findall(r"\bcopydesk:\w+:\w+", expression)) <= recorded


def test_every_metric_is_shown_or_watched() -> None:
    asked = " ".join([*(text(PROMETHEUS / name) for name in RULES), *(q[3] for q in queries())])
    stems = {re.sub(r"_(bucket|sum|count)$", "", name) for name in documented_metrics()}
    unseen = {name for name in stems if name not in asked}
    assert unseen == {
        "copydesk_build_info",  # which release runs is asked by hand
        "copydesk_files_published_bytes_total",  # as are the watcher's bytes
    }


def dashboards() -> list[tuple[str, dict[str, Any]]]:
    return [(path.stem, json.loads(text(path))) for path in sorted(DASHBOARDS.glob("*.json"))]


def test_the_dashboards_are_what_their_panels_say() -> None:
    path = DEPLOY / "grafana" / "make.py"
    spec = importlib.util.spec_from_file_location("make", path)
    assert spec is not None
    assert spec.loader is not None
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    assert [name for name, _ in dashboards()] == make.names()
    for name in make.names():
        assert text(DASHBOARDS / f"{name}.json") == make.text(name), "run deploy/grafana/make.py"


def test_each_panel_has_a_unit_a_description_and_a_section_that_exists() -> None:
    headings = re.findall(r"^## (.+)$", text(DOCS / "operations.md"), re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    for name, dashboard in dashboards():
        for panel in dashboard["panels"]:
            assert panel["description"], (name, panel["title"])
            assert panel["fieldConfig"]["defaults"]["unit"], (name, panel["title"])
            (link,) = panel["links"]
            assert link["url"].partition("#")[2] in anchors, (name, panel["title"])


def test_panels_lie_beside_one_another() -> None:
    for name, dashboard in dashboards():
        taken: set[tuple[int, int]] = set()
        for panel in dashboard["panels"]:
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not cells & taken, (name, panel["title"])
            assert place["x"] + place["w"] <= 24
            taken |= cells
