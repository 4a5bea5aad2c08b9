"""Who may import whom: `copydesk_schemas` ← pure modules ← service wiring → loop → transport.

The tables here are the rule (docs/ARCHITECTURE.md draws them); the tests hold the code against it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TREES = (ROOT / "services", ROOT / "schemas")

ANYTHING = {"copydesk"}
CONTRACT = {
    "copydesk.errors",
    "copydesk.outcomes",
    "copydesk.topics",
    "copydesk.transport.api",
}
"""Types, names and errors: what pure modules may know of the rest."""

PARTS: dict[str, set[str]] = {
    "copydesk_schemas": set(),
    "copydesk.errors": set(),
    "copydesk.outcomes": {"copydesk.transport.api"},
    "copydesk.topics": {"copydesk.transport.api"},
    "copydesk.lock": set(),
    "copydesk.sqlite": set(),
    "copydesk.kinds": set(),
    "copydesk.settings": {"copydesk.kinds"},
    "copydesk.combinations": {"copydesk.settings"},
    "copydesk.loading": {"copydesk.combinations", "copydesk.settings"},
    "copydesk.rights": {"copydesk.topics", "copydesk.transport.kafka.names"},
    "copydesk.transport.api": set(),
    "copydesk.transport.security": set(),
    "copydesk.transport": {"copydesk.errors", "copydesk.lock", "copydesk.sqlite"},
    "copydesk.telemetry": {"copydesk.errors", "copydesk.transport.api"},
    "copydesk.http": {"copydesk.errors", "copydesk.telemetry"},
    "copydesk.loop": {*CONTRACT, "copydesk.telemetry"},
    "copydesk.watcher": CONTRACT,
    "copydesk.parser": CONTRACT,
    "copydesk.sink": CONTRACT,
    "copydesk.sink.sqlite": {*CONTRACT, "copydesk.lock", "copydesk.sink", "copydesk.sqlite"},
    "copydesk.sink.postgres": {*CONTRACT, "copydesk.sink"},
    "copydesk.commands": ANYTHING,
    "copydesk.__main__": {"copydesk.commands"},
}
"""What each part may import besides itself, `copydesk_schemas` and the version in `copydesk`. The
longest name counts; a module of no part fails."""

WIRING = {
    "copydesk.watcher.service": {"copydesk.telemetry", "copydesk.loop"},
    "copydesk.watcher.telling": {"copydesk.telemetry"},
    "copydesk.parser.rejections": {"copydesk.loop", "copydesk.telemetry"},
    "copydesk.parser.step": {"copydesk.loop", "copydesk.telemetry"},
    "copydesk.parser.pipes": {"copydesk.loop"},
    "copydesk.parser.process": {"copydesk.loop"},
    "copydesk.sink.step": {"copydesk.loop", "copydesk.telemetry"},
}
"""The modules of a service that are no pure ones, and what more they may import."""

THIRD_PARTY = {
    "aiokafka": {"copydesk.transport.kafka"},
    "sqlite3": {"copydesk.sqlite", "copydesk.transport.sqlite", "copydesk.sink.sqlite"},
    "asyncpg": {"copydesk.sink.postgres"},
    "prometheus_client": {"copydesk.telemetry", "copydesk.http"},
    "structlog": {"copydesk.telemetry"},
    "starlette": {"copydesk.http"},
    "uvicorn": {"copydesk.http"},
    "typer": {"copydesk.commands", "copydesk.settings"},
}
"""Libraries that one place alone knows, so that changing one changes that place."""


def modules() -> Iterator[tuple[str, Path]]:
    for tree in TREES:
        for path in sorted(tree.rglob("*.py")):
            parts = path.relative_to(tree).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = {name: path for name, path in modules() if name != "copydesk"}


def imported(name: str, source: str) -> Iterator[tuple[int, str]]:
    """Line and module of every import in `source`, the code of the module `name`."""
    package = name if MODULES.get(name, Path()).name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [base])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield node.lineno, full if full in MODULES else base


def within(name: str, parts: set[str]) -> bool:
    return any(name == part or name.startswith(part + ".") for part in parts)


def part_of(name: str) -> str:
    return max((part for part in PARTS if within(name, {part})), key=len)


def may_import(name: str, target: str) -> bool:
    homes = THIRD_PARTY.get(target.partition(".")[0])
    if homes is not None:
        return within(name, homes)
    if target == "copydesk" or not within(target, {"copydesk", "copydesk_schemas"}):
        return True
    part = part_of(name)
    return within(target, {part, "copydesk_schemas", *PARTS[part], *WIRING.get(name, set())})


def wrong_arrows(name: str, source: str) -> list[str]:
    """Every import of the module `name` that the tables above do not allow."""
    return [
        f"{name}:{line} imports {target}"
        for line, target in imported(name, source)
        if not may_import(name, target)
    ]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_only_what_its_part_may(name: str) -> None:
    assert wrong_arrows(name, MODULES[name].read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("copydesk.parser.article", "from copydesk.sink import step"),
        ("copydesk.parser.article", "import copydesk.telemetry.occurrences"),
        ("copydesk.parser.article", "from copydesk.transport import open_transport"),
        ("copydesk.parser.article", "from copydesk.loop.stage import Done"),
        ("copydesk.sink.rows", "import sqlite3"),
        ("copydesk.sink.rows", "from ..watcher import service"),
        ("copydesk.telemetry.metrics", "from copydesk.parser.article import parse"),
        ("copydesk.loop.run", "from copydesk.parser.step import make_step"),
        ("copydesk_schemas.paths", "import copydesk.topics"),
        ("copydesk.watcher.service", "def late():\n    import sqlite3"),
    ],
)
def test_a_wrong_arrow_is_found(name: str, source: str) -> None:
    assert len(wrong_arrows(name, source)) == 1


def test_every_module_named_as_wiring_exists() -> None:
    assert WIRING.keys() - MODULES.keys() == set()
