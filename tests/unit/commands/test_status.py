"""`copydesk status`: every file that was dropped is counted in one place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from copydesk.commands.status import status
from copydesk.errors import Unusable
from copydesk.loading import load
from tests.unit.commands.home import Home, text


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def counts(home: Home, capsys: pytest.CaptureFixture[str]) -> Counts:
    return Counts(home, capsys)


class Counts:
    """Asks for JSON, and checks the exit status."""

    def __init__(self, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
        self._home = home
        self._capsys = capsys

    def now(self, exit_status: int = 0) -> dict[str, Any]:
        assert status(self._home.settings, as_json=True) == exit_status
        found: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        flying = sum(found["in_flight"].values())
        stored = sum(found[name] for name in ("stored", "updated", "unchanged", "superseded"))
        assert found["seen"] == flying + stored + sum(found["rejected"].values())
        return found


def test_an_empty_inbox_has_nothing_anywhere(counts: Counts) -> None:
    assert counts.now() == {
        "seen": 0,
        "in_flight": {"watcher": 0, "parser": 0, "sink": 0},
        "stored": 0,
        "updated": 0,
        "unchanged": 0,
        "superseded": 0,
        "rejected": {},
        "left_alone": {"files": 0, "examples": []},
        "oldest_in_flight": None,
    }


def test_a_file_is_in_flight_stage_by_stage_and_then_done(home: Home, counts: Counts) -> None:
    home.drop("a.txt", text("One"))
    assert counts.now()["in_flight"] == {"watcher": 1, "parser": 0, "sink": 0}
    assert counts.now()["oldest_in_flight"]["stage"] == "watcher"
    home.take("a.txt", text("One"))
    assert counts.now()["in_flight"] == {"watcher": 0, "parser": 1, "sink": 0}
    home.parse()
    found = counts.now()
    assert found["in_flight"] == {"watcher": 0, "parser": 0, "sink": 1}
    assert found["oldest_in_flight"]["path"] == "a.txt"
    assert found["oldest_in_flight"]["stage"] == "sink"
    home.sink()
    found = counts.now()
    assert (found["stored"], found["seen"], found["oldest_in_flight"]) == (1, 1, None)


def test_outcomes_and_codes_are_counted(home: Home, counts: Counts) -> None:
    home.take("a.txt", text("One"), seconds_ago=3)
    home.take("b.txt", text("Two"), seconds_ago=2)
    home.take("c.txt", text("Two"), seconds_ago=1)
    home.take("d.txt", text("Zero"), seconds_ago=9)
    home.take("e.txt", b"")
    home.take("f.txt", b"no tags")
    home.parse()
    home.sink()
    found = counts.now()
    names = ("stored", "updated", "unchanged", "superseded")
    assert [found[name] for name in names] == [1, 1, 1, 1]
    assert found["rejected"] == {"empty": 1, "no_tags": 1}


def test_more_than_a_minute_in_flight_is_exit_status_1(home: Home, counts: Counts) -> None:
    home.take("old.txt", text("Old"), seconds_ago=61)
    home.take("new.txt", text("New", "https://quay.example/2"))
    oldest = counts.now(exit_status=1)["oldest_in_flight"]
    assert oldest["path"] == "old.txt"
    assert oldest["seconds"] > 60
    home.parse()
    home.sink()
    counts.now(exit_status=0)


def test_files_that_are_left_alone_are_told_with_their_reason(home: Home, counts: Counts) -> None:
    (home.inbox / "link.txt").symlink_to("elsewhere")
    with home.drop("busy.txt", b"x").open("ab"):
        found = counts.now()
    assert found["left_alone"]["files"] == 2
    examples = {one["path"]: one["why"] for one in found["left_alone"]["examples"]}
    assert "symbolic link" in examples["link.txt"]
    assert "open for writing" in examples["busy.txt"]
    assert found["seen"] == 0


def test_files_that_stay_where_they_are_are_known_also_when_touched(
    home: Home, counts: Counts
) -> None:
    home.take("a.txt", text("One"))
    home.parse()
    home.sink()
    (home.inbox / "a.txt").touch()
    assert counts.now()["in_flight"]["watcher"] == 0
    home.drop("a.txt", text("Two"))
    assert counts.now()["in_flight"]["watcher"] == 1


def test_what_is_dropped_again_after_it_was_moved_is_seen(home: Home, counts: Counts) -> None:
    of = home.take("a.txt", text("One"))
    home.parse()
    home.sink()
    home.dispose("a.txt", of, "done/a.txt")
    home.drop("a.txt", text("One"))
    home.sink()
    assert counts.now()["in_flight"]["watcher"] == 1


def test_it_is_readable(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.take("a.txt", text("One"))
    home.take("b.txt", b"")
    home.parse()
    home.sink()
    home.take("c\x1b.txt", text("Two"))
    (home.inbox / "link.txt").symlink_to("elsewhere")
    assert status(home.settings, as_json=False) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[:5] == [
        "seen 3",
        "in flight 1 parser 1",
        "stored 1 stored 1",
        "rejected 1 empty 1",
        "left alone 1",
    ]
    assert lines[5] == "link.txt is a symbolic link; these are not followed"
    assert lines[6].startswith("The oldest in flight, for 0.")
    assert lines[6].endswith("is c%1B.txt; it waits for the parser.")


def test_without_a_storage_it_says_what_to_do(tmp_path: Path) -> None:
    settings = load({"inbox": str(tmp_path), "data": str(tmp_path / "data")}, {}).settings
    with pytest.raises(Unusable, match="copydesk run"):
        status(settings, as_json=True)
