"""The README's queries for a data team's first day, on rows."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from copydesk.sink.opening import open_store
from copydesk.sink.store import RejectedFile
from tests.unit.sink.events import at, event, version

README = Path(__file__).parents[3] / "README.md"


def query(question: str) -> str:
    """The query that stands under the comment `question`."""
    for text in re.findall(r"```sql\n(.*?)```", README.read_text("utf-8"), re.DOTALL):
        if text.startswith(f"-- {question}"):
            return str(text)
    pytest.fail(f"README.md has no query for {question!r}")


@pytest.fixture
async def storage(tmp_path: Path) -> Path:
    """Two articles, one of them corrected, and a file that is none."""
    path = tmp_path / "articles.db"
    why = RejectedFile(
        version("x"), "inbox", "x.txt", at(5), "bad_date", "No such day.", "PUBLISHED_DATE", 2
    )
    async with open_store(f"sqlite:///{path}") as store:
        events = [event(text="Wrong."), event(text="Right.", second=1), event("other")]
        await store.record_articles(events, at(9))
        await store.record_files(rejected=[why])
    return path


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "How many articles has each site had on each day?",
            [("2025-11-18", "harbour.example", 2)],
        ),
        (
            "Which articles were corrected, and what was their title before?",
            [("https://harbour.example/ferry", "Right", "Wrong", at(0))],
        ),
        (
            "Which files are no articles, and why?",
            [("x.txt", "bad_date", "No such day.", "PUBLISHED_DATE", 2, at(5))],
        ),
    ],
)
def test_a_query_answers_its_question(
    storage: Path, question: str, answer: list[tuple[object, ...]]
) -> None:
    with closing(sqlite3.connect(storage)) as connection:
        assert connection.execute(query(question)).fetchall() == answer
