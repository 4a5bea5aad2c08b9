"""The unit of systemd for the embedded size, by systemd's own judgement."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from copydesk.commands.app import ANOTHER_RUNS, BAD_USAGE
from copydesk.loading import load
from tests.deploy.engine import ROOT, said_by
from tests.pipeline import COPYDESK
from tests.servers import missing

UNIT = (ROOT / "deploy" / "systemd" / "copydesk.service").read_text("utf-8")
MOST_EXPOSED = 20
"""Tenths of what `systemd-analyze security` gives; 10 is as safe as a service gets, 96 is none."""


def values(name: str) -> list[str]:
    return [line.partition("=")[2] for line in UNIT.splitlines() if line.startswith(f"{name}=")]


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a program that is there."""
    if not shutil.which("systemd-analyze"):
        missing("systemd-analyze is not installed")
    file = tmp_path / "copydesk.service"
    file.write_text(UNIT.replace("/opt/copydesk/bin/copydesk", str(COPYDESK)))
    return file


def test_systemd_understands_every_line(unit: Path) -> None:
    assert said_by("systemd-analyze", "verify", unit) == ""


def test_the_service_is_shut_off_from_the_rest_of_the_machine(unit: Path) -> None:
    judged = ("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", unit)
    assert "Overall exposure level" in said_by("systemd-analyze", *judged)


def test_what_a_restart_cannot_help_is_not_started_again() -> None:
    assert values("Restart") == ["on-failure"]
    assert values("RestartPreventExitStatus") == [f"{BAD_USAGE} {ANOTHER_RUNS}"]


def test_what_it_is_told_are_settings() -> None:
    loaded = load({}, dict(each.split("=", 1) for each in values("Environment")))
    assert loaded.unknown == []
    assert str(loaded.settings.inbox) == "/var/lib/copydesk/inbox"
    assert not loaded.settings.data.is_relative_to(loaded.settings.inbox)
