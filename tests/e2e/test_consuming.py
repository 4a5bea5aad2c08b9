"""The consumers of docs/consuming.md, run on a real topic."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import take_the_examples
from tests.servers import missing

PAGE = Path(__file__).parents[2] / "docs" / "consuming.md"


def example(language: str) -> str:
    """The code in that language on the page."""
    (code,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return str(code)


def test_the_consumer_in_python_prints_each_article_and_its_correction(
    where: dict[str, str], services: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    take_the_examples(services, tmp_path)
    address = where["COPYDESK_TRANSPORT"].removeprefix("kafka://")
    topic = f"{where['COPYDESK_PREFIX']}.normalized"
    consumer = subprocess.Popen(
        [sys.executable, "-c", example("python")],
        env=os.environ | {"KAFKA": address, "TOPIC": topic},
        stdout=subprocess.PIPE,
        text=True,
    )
    with consumer:
        assert consumer.stdout is not None
        try:
            lines = [consumer.stdout.readline() for _ in range(2)]
        finally:
            consumer.kill()
    # The correction and what it corrects are one article: the older may come first, or not at all.
    assert any("ferries" in line for line in lines), lines
    assert all(re.match(r"\d{4}-\d\d-\d\d \S+ .+", line) for line in lines), lines


@pytest.fixture
def _kcat() -> None:
    if shutil.which("kcat") is None:
        missing("no kcat: apt-get install kcat")


@pytest.mark.usefixtures("_kcat")
def test_kcat_prints_the_key_and_the_event(
    where: dict[str, str], services: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    take_the_examples(services, tmp_path)
    command = (
        example("sh")
        .replace("localhost:9094", where["COPYDESK_TRANSPORT"].removeprefix("kafka://"))
        .replace("articles.normalized", f"{where['COPYDESK_PREFIX']}.normalized")
    )
    printed = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    events = [line.partition(" ") for line in printed.splitlines()]
    assert len(events) == 3
    assert all(json.loads(value)["id"] == key for key, _, value in events)


@pytest.mark.parametrize("name", ["asyncapi.v1.json", "article.v1.json"])
def test_what_the_page_leads_to_is_there(name: str) -> None:
    assert f"../schemas/copydesk_schemas/{name}" in PAGE.read_text("utf-8")
    assert (PAGE.parents[1] / "schemas" / "copydesk_schemas" / name).is_file()
