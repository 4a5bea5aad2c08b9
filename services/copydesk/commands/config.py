"""`copydesk config`: what is in force and from where."""

from __future__ import annotations

import sys

from copydesk.loading import Loaded
from copydesk.settings import declarations, flag, masked, variable


def config(loaded: Loaded) -> int:
    """Print a line for each setting: its variable, its value, where the value comes from."""
    rows = [("SETTING", "VALUE", "FROM")]
    for name in declarations():
        text = _text(getattr(loaded.settings, name))
        origin = loaded.origins[name]
        source = f"flag {flag(name)}" if origin == "flag" else origin
        rows.append((variable(name), masked(text) or "(none)", source))
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    for name, value, source in rows:
        line = f"{name:{first}}  {value:{second}}  {source}\n"
        sys.stdout.write(line.encode("utf-8", "backslashreplace").decode())
    return 0


def _text(value: object) -> str:
    if value is None:
        return ""
    return ",".join(value) if isinstance(value, tuple) else str(value)
