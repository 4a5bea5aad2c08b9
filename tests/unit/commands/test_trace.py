"""`copydesk trace`, asked at every moment of a file's way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from copydesk.commands.inbox import paths_meant
from copydesk.commands.trace import trace
from copydesk.errors import Unusable
from copydesk.loading import load
from tests.unit.commands.home import Home, text


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def told(home: Home, capsys: pytest.CaptureFixture[str]) -> Telling:
    return Telling(home, capsys)


class Telling:
    """Asks, and checks the exit status."""

    def __init__(self, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
        self._home = home
        self._capsys = capsys

    def of(self, what: str | Path, status: int = 0) -> str:
        assert trace(self._home.settings, str(what)) == status
        return self._capsys.readouterr().out

    def steps(self, what: str | Path) -> list[str]:
        """The first word of each step."""
        lines = self.of(what).splitlines()
        return [line[31:].split("  ")[0] for line in lines if line.startswith("  ")]


def test_the_way_of_a_good_file_ends_in_the_row(home: Home, told: Telling) -> None:
    of = home.take("a.txt", text("The tide"))
    assert told.steps("a.txt") == ["closed", "taken in", "waits"]
    assert "for the parser; 0 records go before it" in told.of("a.txt")
    home.parse()
    assert "for the sink; 0 records go before it" in told.of("a.txt")
    home.sink()
    assert told.steps("a.txt") == ["closed", "taken in", "stored", "row"]
    home.dispose("a.txt", of, "done/a.txt")
    assert told.steps("a.txt") == ["closed", "taken in", "stored", "moved", "row"]
    assert "The tide | https://quay.example/1 | the present state" in told.of("a.txt")


def test_the_way_of_a_bad_file_ends_in_the_reason(home: Home, told: Telling) -> None:
    of = home.take("b.txt", b"<TITLE>Open")
    home.parse()
    assert "unclosed_tag" in told.of("b.txt")
    home.sink()
    home.dispose("b.txt", of, "rejected/b.txt")
    assert told.steps("b.txt") == ["closed", "taken in", "rejected", "moved"]
    assert "line 1" in told.of("b.txt")


def test_a_file_is_found_by_every_name_it_has(home: Home, told: Telling) -> None:
    of = home.take("sub/a b%\udcff.txt", text("Names"))
    home.parse()
    home.sink()
    home.dispose("sub/a b%\udcff.txt", of, "done/sub/a b.txt")
    expected = told.of("sub/a b%\udcff.txt")
    for name in (
        home.inbox / "sub" / "a b%\udcff.txt",
        "./sub/a b%\udcff.txt",
        "sub/a b%25%FF.txt",
        "done/sub/a b.txt",
        home.inbox / "done/sub/a b.txt",
        of,
        of.upper(),
    ):
        assert told.of(name) == expected


def test_versions_of_a_path_are_told_oldest_first(home: Home, told: Telling) -> None:
    first = home.take("a.txt", text("One"), seconds_ago=5)
    second = home.take("a.txt", text("Two"))
    home.parse()
    home.sink()
    story = told.of("a.txt")
    assert story.index(first) < story.index(second)
    assert "One | https://quay.example/1 | an earlier state" in story
    assert "Two | https://quay.example/1 | the present state" in story


def test_an_address_leads_to_the_article_its_states_and_its_versions(
    home: Home, told: Telling
) -> None:
    home.take("a.txt", text("One"), seconds_ago=5)
    home.take("b.txt", text("Two"))
    home.parse()
    home.sink()
    story = told.of("https://QUAY.example/1?utm_source=mail#top")
    assert story.startswith("Two\nhttps://quay.example/1\narticle ")
    assert story.count("revision  ") == 2
    assert story.index("a.txt\n") < story.index("b.txt\n")
    identity = story.splitlines()[2].removeprefix("article ")
    assert told.of(identity) == story


def test_of_nothing_known_it_says_so(told: Telling) -> None:
    assert "Nothing is known of nowhere.txt" in told.of("nowhere.txt", 1)
    assert "No article of https://quay.example/9" in told.of("https://quay.example/9", 1)
    assert "no absolute http" in told.of("https://", 1)
    unknown = "00000000-0000-4000-8000-000000000000"
    assert "neither a version nor an article" in told.of(unknown, 1)
    assert "is not in the inbox" in told.of("/etc/passwd", 1)


def test_of_a_file_that_is_not_taken_it_says_why(home: Home, told: Telling) -> None:
    home.drop("half.part", b"x")
    (home.inbox / "link.txt").symlink_to("half.part")
    home.drop("new.txt", text("New"))
    assert "unfinished files" in told.of("half.part", 1)
    assert "symbolic link" in told.of("link.txt", 1)
    assert "is `copydesk run` running?" in told.of("new.txt", 1)
    with (home.inbox / "new.txt").open("ab"):
        assert "open for writing" in told.of("new.txt", 1)


def test_a_newer_state_on_the_disk_is_told_beside_the_versions(home: Home, told: Telling) -> None:
    home.take("a.txt", b"nothing")
    home.parse()
    home.sink()
    assert "waits to be taken in" not in told.of("a.txt")
    home.drop("a.txt", text("Corrected"))
    assert "a.txt waits to be taken in" in told.of("a.txt")


def test_no_title_can_forge_a_line(home: Home, told: Telling) -> None:
    home.take("a.txt", text("[red]A\u2028B\x1b[2J"))
    home.parse()
    home.sink()
    story = told.of("https://quay.example/1")
    assert "\x1b" not in story
    assert "\u2028" not in story
    assert "[red]A" in story


def test_without_a_storage_it_says_what_to_do(tmp_path: Path) -> None:
    settings = load({"inbox": str(tmp_path), "data": str(tmp_path / "data")}, {}).settings
    with pytest.raises(Unusable, match="copydesk run"):
        trace(settings, "a.txt")


def test_a_path_may_be_relative_to_the_inbox_or_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "sub").mkdir(parents=True)
    (tmp_path / "other").symlink_to(inbox)
    monkeypatch.chdir(tmp_path)
    assert paths_meant(inbox, "a.txt") == [b"a.txt"]
    assert paths_meant(inbox, "inbox/a.txt") == [b"inbox/a.txt", b"a.txt"]
    assert paths_meant(inbox, "other/sub/a.txt") == [b"other/sub/a.txt", b"sub/a.txt"]
    assert paths_meant(tmp_path / "other", f"{inbox}/a.txt") == [b"a.txt"]
    monkeypatch.chdir(inbox / "sub")
    assert paths_meant(inbox, "a.txt") == [b"a.txt", b"sub/a.txt"]
    assert paths_meant(inbox, "../a.txt") == [b"a.txt"]
    assert paths_meant(inbox, os.fspath(tmp_path)) == []
