"""`copydesk diff` shows the words that changed between two states of an article."""

from __future__ import annotations

from pathlib import Path

import pytest

from copydesk.commands.diff import diff
from copydesk.errors import Unusable
from tests.unit.commands.home import Home, text

URL = "https://quay.example/1"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.take("a.txt", text("The tide came at seven"), seconds_ago=30)
    home.take("b.txt", text("The tide came late at eight"), seconds_ago=20)
    home.take("c.txt", text("The flood came late at nine"), seconds_ago=10)
    home.take("d.txt", text("Unmoved", "https://quay.example/2"))
    home.parse()
    home.sink()
    return home


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)


def test_the_two_latest_states_are_compared(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(home.settings, URL, None, None) == 0
    old, new, *lines = capsys.readouterr().out.splitlines()
    assert old.startswith("- ")
    assert old.endswith("b.txt")
    assert new.startswith("+ ")
    assert new.endswith("c.txt")
    assert lines == [
        "title",
        *("  The", "- tide", "+ flood", "  came late at nine"),
        *("  The flood came late at", "- eight", "+ nine"),
    ]


def test_any_two_can_be_named_by_their_first_characters(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    diff(home.settings, URL, None, None)
    revision = capsys.readouterr().out.splitlines()[0].split()[1]
    assert diff(home.settings, URL, None, revision) == 0
    assert [line[-5:] for line in capsys.readouterr().out.splitlines()[:2]] == ["a.txt", "b.txt"]
    assert diff(home.settings, URL, revision, None) == 0
    assert [line[-5:] for line in capsys.readouterr().out.splitlines()[:2]] == ["b.txt", "c.txt"]
    with pytest.raises(Unusable, match=r"^no revision begins with zz; the article has \w{12}, "):
        diff(home.settings, URL, "zz", None)


def test_on_a_terminal_the_words_are_coloured_in_their_line(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    diff(home.settings, URL, None, None)
    assert "\x1b[9;31mtide\x1b[0m \x1b[32mflood\x1b[0m" in capsys.readouterr().out


def test_where_there_is_nothing_to_compare_it_says_so(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(home.settings, "https://quay.example/2", None, None) == 0
    assert capsys.readouterr().out == "Unmoved has one revision, so nothing changed.\n"
    assert diff(home.settings, "https://quay.example/3", None, None) == 1
    assert "is stored" in capsys.readouterr().out
    with pytest.raises(Unusable, match="no absolute http"):
        diff(home.settings, "https://", None, None)
