"""Make the dashboards from panels/*.toml: `python deploy/grafana/make.py`.

A file is a dashboard, an entry `[[panels]]` in it a panel: title, description, unit, one of
`kind` (timeseries, stat, table), `queries` (legend = expression), `runbook` (a section of
docs/operations.md) and thresholds (value = colour, from the second on).
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COLUMNS = 24
HEIGHTS = {"stat": 4, "timeseries": 8, "table": 8}
SOURCE = {"type": "prometheus", "uid": "${source}"}


def made(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """The dashboard of the file panels/`name`.toml, as Grafana reads it."""
    return {
        "uid": f"copydesk-{name}",
        "title": given["title"],
        "description": given["description"],
        "tags": ["copydesk"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "links": [
            {
                "title": "copydesk",
                "type": "dashboards",
                "tags": ["copydesk"],
                "includeVars": True,
                "keepTime": True,
            }
        ],
        "templating": {"list": _variables(given.get("variables", {}))},
        "panels": _placed(given["panels"]),
    }


def _variables(asked: dict[str, str]) -> list[dict[str, Any]]:
    source = {
        "name": "source",
        "label": "Prometheus",
        "type": "datasource",
        "query": "prometheus",
        "current": {"text": "Prometheus", "value": "prometheus"},
    }
    docs = {
        "name": "docs",
        "label": "Where docs/ is",
        "type": "textbox",
        "query": "docs",
        "current": {"text": "docs", "value": "docs"},
    }
    queries = [
        {
            "name": name,
            "label": name.capitalize(),
            "type": "query",
            "datasource": SOURCE,
            "query": query,
            "refresh": 2,
            "sort": 1,
            "multi": True,
            "includeAll": True,
            "allValue": ".*",
            "current": {"text": "All", "value": "$__all"},
        }
        for name, query in asked.items()
    ]
    return [source, *queries, docs]


def _placed(panels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    placed, left, top, row = [], 0, 0, 0
    for number, panel in enumerate(panels, 1):
        width, height = panel.get("width", 8), HEIGHTS[panel["kind"]]
        if left + width > COLUMNS:
            left, top, row = 0, top + row, 0
        position = {"x": left, "y": top, "w": width, "h": height}
        placed.append(_panel(panel) | {"id": number, "gridPos": position})
        left, row = left + width, max(row, height)
    return placed


def _panel(given: dict[str, Any]) -> dict[str, Any]:
    steps = [{"color": given.get("colour", "green"), "value": None}] + [
        {"color": colour, "value": float(value)}
        for value, colour in given.get("thresholds", {}).items()
    ]
    instant = given["kind"] != "timeseries"
    panel: dict[str, Any] = {
        "type": given["kind"],
        "title": given["title"],
        "description": given["description"],
        "datasource": SOURCE,
        "links": [
            {"title": "What to do", "url": f"${{docs}}/operations.md#{given['runbook']}"},
        ],
        "fieldConfig": {
            "defaults": {
                "unit": given["unit"],
                "min": given.get("min", 0),
                "thresholds": {"mode": "absolute", "steps": steps},
            },
            "overrides": [],
        },
        "targets": [
            {
                "refId": chr(ord("A") + number),
                "datasource": SOURCE,
                "expr": expression,
                "legendFormat": legend,
                "instant": instant,
                "range": not instant,
            }
            for number, (legend, expression) in enumerate(given["queries"].items())
        ],
    }
    if given["kind"] == "timeseries":
        style = {"fillOpacity": 20, "lineWidth": 1, "showPoints": "never"}
        if given.get("stacked"):
            style["stacking"] = {"mode": "normal"}
        if len(steps) > 1:
            style["thresholdsStyle"] = {"mode": "line"}
        panel["fieldConfig"]["defaults"]["custom"] = style
        panel["options"] = {
            "legend": {"displayMode": "list", "placement": "bottom"},
            "tooltip": {"mode": "multi"},
        }
    if given["kind"] == "stat":
        panel["options"] = {"colorMode": "value", "reduceOptions": {"calcs": ["lastNotNull"]}}
    return panel


def text(name: str) -> str:
    """The JSON of the dashboard `name`."""
    given = tomllib.loads((HERE / "panels" / f"{name}.toml").read_text("utf-8"))
    return json.dumps(made(name, given), indent=2, ensure_ascii=False) + "\n"


def names() -> list[str]:
    """The dashboards that there are."""
    return sorted(path.stem for path in (HERE / "panels").glob("*.toml"))


if __name__ == "__main__":
    for each in names():
        (HERE / "dashboards" / f"{each}.json").write_text(text(each), "utf-8")
