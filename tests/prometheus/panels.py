"""The dashboards' panels, and their queries as Grafana sends them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from tests.prometheus.server import DEPLOY

DASHBOARDS: Final = DEPLOY / "grafana" / "dashboards"
NONE_ON_KAFKA: Final = {"Bytes kept by a SQLite log"}
"""Panels about what only the embedded size can tell."""


class Query(NamedTuple):
    """A query of a panel, with its dashboard's variables at their values for all."""

    dashboard: str
    panel: str
    legend: str
    expression: str


def has_data(series: Sequence[dict[str, Any]]) -> bool:
    """Whether there is a number among the answers, and not only nothing divided by nothing."""
    return any(one["value"][1] != "NaN" for one in series)


def queries() -> list[Query]:
    """Every query of every panel."""
    found = []
    for path in sorted(DASHBOARDS.glob("*.json")):
        dashboard = json.loads(path.read_text("utf-8"))
        every = {
            one["name"]: one["allValue"]
            for one in dashboard["templating"]["list"]
            if "allValue" in one
        }
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                expression = (
                    target["expr"].replace("$__rate_interval", "6s").replace("[1h]", "[9s]")
                )
                for name, value in every.items():
                    expression = expression.replace(f"${name}", value)
                found.append(Query(path.stem, panel["title"], target["legendFormat"], expression))
    return found


def variables() -> list[tuple[str, str]]:
    """The metric and the label of each variable that a query fills."""
    found = []
    for path in sorted(DASHBOARDS.glob("*.json")):
        for one in json.loads(path.read_text("utf-8"))["templating"]["list"]:
            if one["type"] == "query":
                metric, label = re.fullmatch(r"label_values\((.+), (\w+)\)", one["query"]).groups()  # type: ignore[union-attr] # a query of another kind fails here
                found.append((metric, label))
    return found
