"""What docs/telemetry.md says that there is."""

from __future__ import annotations

import re

from tests.prometheus.server import DEPLOY


def documented_metrics() -> set[str]:
    """The names of all metrics as Prometheus has them."""
    page = (DEPLOY.parent / "docs" / "telemetry.md").read_text("utf-8")
    rows = re.findall(r"^\| `(copydesk_\w+)` \| (\w+)", page, re.MULTILINE)
    return {
        name + suffix
        for name, kind in rows
        for suffix in (("_bucket", "_sum", "_count") if kind == "histogram" else ("",))
    }
