"""`trace`, `status` and `tail`, asked while the pipeline runs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from tests.pipeline import COPYDESK, Pipeline, article, copydesk, environment, running

URL = "https://news.example/traced"


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    with running(tmp_path_factory.mktemp("home")) as pipeline:
        (pipeline.inbox / "traced.txt").write_bytes(article(URL, "Traced"))
        (pipeline.inbox / "bad.txt").write_bytes(b"no article\n")
        pipeline.until(lambda: pipeline.outcomes() == {"stored": 1, "rejected": 1}, "both outcomes")
        pipeline.until(lambda: not pipeline.waiting(), "an empty inbox")
        yield pipeline


@pytest.mark.parametrize("of", ["traced.txt", URL])
def test_trace_ends_in_the_row(pipeline: Pipeline, of: str) -> None:
    traced = copydesk("trace", of, cwd=pipeline.home)
    assert traced.returncode == 0, traced.stderr
    assert "stored" in traced.stdout
    assert "traced.txt" in traced.stdout


def test_trace_takes_an_absolute_path_and_tells_the_reason_of_a_rejection(
    pipeline: Pipeline,
) -> None:
    traced = copydesk("trace", pipeline.inbox / "bad.txt", cwd=pipeline.home)
    assert "no_tags" in traced.stdout


def test_status_counts_every_version(pipeline: Pipeline) -> None:
    status = copydesk("status", "--json", cwd=pipeline.home)
    assert status.returncode == 0, status.stderr
    counts = json.loads(status.stdout)
    assert counts["stored"] == 1
    assert counts["rejected"] == {"no_tags": 1}


def test_tail_prints_what_was_normalized_a_line_each(pipeline: Pipeline) -> None:
    tail = copydesk("tail", "--from-beginning", "--no-follow", cwd=pipeline.home)
    assert tail.returncode == 0, tail.stderr
    (line,) = tail.stdout.splitlines()
    assert json.loads(line)["title"] == "Traced"


def test_tail_follows_what_comes(pipeline: Pipeline) -> None:
    with subprocess.Popen(
        [COPYDESK, "tail", "--from-beginning"],
        cwd=pipeline.home,
        env=environment(),
        stdout=subprocess.PIPE,
    ) as tail:
        assert tail.stdout is not None
        first = json.loads(tail.stdout.readline())
        (pipeline.inbox / "next.txt").write_bytes(article("https://news.example/next", "Next"))
        second = json.loads(tail.stdout.readline())
        tail.terminate()
    assert [first["title"], second["title"]] == ["Traced", "Next"]
