"""`copydesk parse` prints events, tells rejections apart, and says so in its status."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest

from copydesk.commands.parse import explain, parse
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


SPLIT = GOOD.replace(
    b"The weir holds again.",
    "The weir, Mr.\n\nHolt said, holds again.\n\n“At last!\n\nIt did.”".encode(),
)


@pytest.fixture
def split(tmp_path: Path) -> str:
    (tmp_path / "split.txt").write_bytes(SPLIT)
    return str(tmp_path / "split.txt")


def test_explained_is_each_boundary_with_its_rule_and_the_text_around(
    split: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain([split]) == 0
    first, second, _, counts = capsys.readouterr().out.splitlines()
    assert re.fullmatch(
        r"CONTENT     join  title +The weir, Mr\. ‖ Holt said, holds again\.", first
    )
    assert re.fullmatch(r"CONTENT     keep  plain +Holt said, holds again\. ¦ “At last!", second)
    assert counts == "3 boundaries, 1 joined: title 1"


def test_explained_are_highlights_that_content_does_not_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "<HIGHLIGHTS>\n- Holt said, holds again.\n- Gov.\n- Mays was ill.\n</HIGHLIGHTS>\n"
    (tmp_path / "a.txt").write_bytes(SPLIT + text.encode())
    assert explain([str(tmp_path / "a.txt")]) == 0
    *_, last, counts = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"HIGHLIGHTS  join  title +Gov\. ‖ Mays was ill\.", last)
    assert counts == "4 boundaries, 2 joined: title 2"


def test_explained_on_a_terminal_it_is_coloured(
    split: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert explain([split]) == 0
    assert "\x1b[32mCONTENT     join  title" in capsys.readouterr().out


def test_explaining_what_is_no_article_says_why(
    tmp_path: Path, split: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.txt").write_bytes(b"nothing of the kind")
    assert explain([str(tmp_path / "bad.txt"), "/nowhere/a.txt", split]) == 1
    said = capsys.readouterr()
    assert "no_tags" in said.err
    assert "No such file" in said.err
    assert "1 joined" in said.out


@pytest.mark.parametrize(
    ("field", "code"), [(b"https://alder.example/weir", "bad_url"), (b"2025-04-02", "bad_date")]
)
def test_explaining_has_the_status_of_parsing(
    field: bytes, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.txt").write_bytes(GOOD.replace(field, b"Friday"))
    assert parse([str(tmp_path / "bad.txt")]) == explain([str(tmp_path / "bad.txt")]) == 1
    assert capsys.readouterr().err.count(code) == 2


def test_what_is_explained_is_what_parsing_does(
    split: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    parse([split])
    event = orjson.loads(capsysbinary.readouterr().out)
    assert event["parser"]["repairs"]["joined_title"] == 1
