"""What the README lists is what there is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from copydesk.settings import declarations, flag, variable
from copydesk.sink.opening import open_store
from copydesk_schemas.codes import MEANING

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", README, re.DOTALL)


@pytest.fixture
async def storage(tmp_path: Path) -> sqlite3.Connection:
    async with open_store(f"sqlite:///{tmp_path}/articles.db"):
        pass
    return sqlite3.connect(tmp_path / "articles.db")


def section(heading: str) -> str:
    return README.partition(f"\n{heading}\n")[2].partition("\n## ")[0]


def rows(text: str) -> Iterator[list[str]]:
    """The cells of the first table in `text`."""
    for line in text[text.index("|---") :].splitlines()[1:]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split(" | ")]


def columns_told(introduction: str) -> list[str]:
    """The columns of the table that follows `introduction`."""
    after = section("## Tables").partition(introduction)[2]
    return [name for cells in rows(after) for name in re.findall(r"`(\w+)`", cells[0])]


def columns_there(storage: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in storage.execute(f"PRAGMA table_info({table})")]


def test_the_settings_are_those_that_are_declared() -> None:
    told = [(cells[0], cells[1], cells[3]) for cells in rows(section("## Settings"))]
    assert told == [
        ("–" if declared.secret else f"`{flag(name)}`", f"`{variable(name)}`", declared.help)
        for name, declared in declarations().items()
    ]


def test_the_codes_are_those_that_there_are() -> None:
    told = {cells[0].strip("`"): cells[1] for cells in rows(section("## Codes of rejection"))}
    assert told == MEANING


@pytest.mark.parametrize(
    ("table", "introduction"), [("articles", "`articles` is"), ("files", "`files` has")]
)
def test_the_columns_are_those_of_the_table(
    storage: sqlite3.Connection, table: str, introduction: str
) -> None:
    with closing(storage):
        assert sorted(columns_told(introduction)) == sorted(columns_there(storage, table))


def test_the_columns_of_revisions_are_its_own_and_those_of_articles(
    storage: sqlite3.Connection,
) -> None:
    with closing(storage):
        there = set(columns_there(storage, "revisions"))
        own = set(columns_told("`revisions` has"))
        assert own <= there
        assert there - own <= set(columns_there(storage, "articles"))


def test_there_are_three_queries() -> None:
    assert len(QUERIES) == 3


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_runs(storage: sqlite3.Connection, query: str) -> None:
    with closing(storage):
        assert storage.execute(query).fetchall() == []
