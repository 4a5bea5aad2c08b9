"""What a newcomer sees: the examples dropped, rows and reasons in their place."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline import EXAMPLES, Pipeline, article, copydesk, running


@pytest.fixture
def after_examples(tmp_path: Path) -> Iterator[Pipeline]:
    with running(tmp_path) as pipeline:
        for number, example in enumerate(sorted(EXAMPLES.iterdir()), 1):
            shutil.copy(example, pipeline.inbox)
            pipeline.until(
                lambda number=number: sum(pipeline.outcomes().values()) == number,  # type: ignore[misc]
                f"{example.name} in the table of files",
            )
        pipeline.until(lambda: not pipeline.waiting(), "an empty inbox")
        yield pipeline


def test_the_examples_become_two_articles_of_which_one_was_corrected(
    after_examples: Pipeline,
) -> None:
    articles = after_examples.rows("SELECT title FROM articles ORDER BY title")
    assert [row["title"] for row in articles] == [
        "Lost owlet moth returns to the lamps of Quarrel",
        "Saint Orrin orders two electric ferries for the Gull Island crossing",
    ]
    assert after_examples.outcomes() == {"stored": 2, "updated": 1, "rejected": 1}
    (ferries,) = after_examples.rows("SELECT content FROM articles WHERE title LIKE '%ferries%'")
    assert "$4.1 million" in ferries["content"]


def test_each_file_stands_where_its_outcome_says(after_examples: Pipeline) -> None:
    inbox = after_examples.inbox
    assert sorted(path.name for path in (inbox / "done").iterdir()) == [
        "1-ferries.txt",
        "2-moth.txt.gz",
        "3-ferries-corrected.txt",
    ]
    reason = json.loads((inbox / "rejected" / "4-broken.txt.error.json").read_bytes())
    assert reason["code"] == "unclosed_tag"
    assert reason["field"] == "HIGHLIGHTS"
    broken = (EXAMPLES / "4-broken.txt").read_text("utf-8").splitlines()
    assert broken[reason["line"] - 1].startswith("<HIGHLIGHTS>")
    assert (inbox / "rejected" / "4-broken.txt").read_bytes() == (
        EXAMPLES / "4-broken.txt"
    ).read_bytes()


def test_a_second_run_on_the_same_data_is_refused_and_names_the_first(tmp_path: Path) -> None:
    with running(tmp_path) as pipeline:
        (pipeline.inbox / "a.txt").write_bytes(article("https://news.example/a", "First"))
        pipeline.until(lambda: pipeline.outcomes() == {"stored": 1}, "the first row")
        assert pipeline.process is not None
        second = copydesk("run", "--port", "0", cwd=tmp_path)
        assert second.returncode not in {0, 2}
        assert str(pipeline.process.pid) in second.stderr
        assert "Traceback" not in second.stderr
        (pipeline.inbox / "b.txt").write_bytes(article("https://news.example/b", "Second"))
        pipeline.until(lambda: pipeline.outcomes() == {"stored": 2}, "a row after the refusal")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_it_goes_on_at_the_next_start(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(tmp_path) as pipeline:
        for name in range(50):
            path = pipeline.inbox / f"{name}.txt"
            path.write_bytes(article(f"https://news.example/{name}", f"Title {name}"))
        pipeline.until(lambda: bool(pipeline.outcomes()), "the first version in the table of files")
        assert pipeline.stop(number) == 0
        assert "Traceback" not in pipeline.said()
        pipeline.start()
        pipeline.until(lambda: pipeline.outcomes() == {"stored": 50}, "all the rows")
        pipeline.until(lambda: not pipeline.waiting(), "an empty inbox")
