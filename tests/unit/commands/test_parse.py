"""`copydesk parse` prints events, tells rejections apart, and says so in its status."""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest

from copydesk.commands.parse import parse
from copydesk_schemas.validation import check_article

GOOD = (
    b"<TITLE>Weir on the Alder repaired</TITLE>\n<PUBLISHED_DATE>2025-04-02</PUBLISHED_DATE>\n"
    b"<URL>https://alder.example/weir</URL>\n<CONTENT>\nThe weir holds again.\n</CONTENT>\n"
)


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "good.txt").write_bytes(GOOD)
    return str(tmp_path / "good.txt")


def test_each_file_is_an_event_on_a_line_that_its_schema_admits(
    good: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert parse([good, good]) == 0
    first, _ = capfdbinary.readouterr().out.splitlines()
    event = orjson.loads(first)
    check_article(event)
    assert event["title"] == "Weir on the Alder repaired"
    assert event["source"]["path"] == good


def test_a_rejection_goes_to_standard_error_and_the_others_go_on(
    good: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad\n.txt"
    bad.write_bytes(b"nothing of the kind")
    assert parse([str(bad), good]) == 1
    said = capsys.readouterr()
    (line,) = said.err.splitlines()
    assert orjson.loads(line)["code"] == "no_tags"
    assert orjson.loads(line)["path"].endswith("bad%0A.txt")
    assert len(said.out.splitlines()) == 1


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse(["/nowhere/a.txt"]) == 1
    assert capsys.readouterr().err == "copydesk: /nowhere/a.txt: No such file or directory\n"


def test_a_name_that_is_not_utf8_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.txt"
    Path(os.fsdecode(path)).write_bytes(GOOD)
    assert parse([os.fsdecode(path)]) == 0
    assert orjson.loads(capsys.readouterr().out)["source"]["path"].endswith("/%FF.txt")


def test_a_hyphen_is_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(GOOD)))
    assert parse(["-"]) == 0
    assert orjson.loads(capsys.readouterr().out)["source"]["path"] == "-"


def test_a_file_that_never_ends_is_not_read_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse(["/dev/zero"]) == 1
    assert orjson.loads(capsys.readouterr().err)["code"] == "too_large"
