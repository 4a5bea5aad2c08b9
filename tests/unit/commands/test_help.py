"""Every command's help has an example, and every example works as it stands."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from copydesk.commands.app import app, status_of
from tests.pipeline import article, environment

COMMANDS = [command.name or command.callback.__name__ for command in app.registered_commands]  # type: ignore[union-attr]
ROLES = ("watcher", "parser", "sink")
NEVER_ENDS = {
    "copydesk run --inbox ./inbox --data ./data",
    "copydesk tail",
    "copydesk topics --transport kafka://localhost:9092",
    *(f"copydesk {role} --transport kafka://localhost:9092" for role in ROLES),
}
ENVIRONMENT = environment() | {
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "COPYDESK_PORT": "0",
}


def help_of(*command: str) -> str:
    with redirect_stdout(io.StringIO()) as shown:
        assert status_of([*command, "--help"]) == 0
    return shown.getvalue()


def examples(command: str) -> list[str]:
    text = help_of(command)
    assert "Example:" in text, text
    lines = text.split("Example:\n", 1)[1].split("\n\n", 1)[0].splitlines()
    return [line.strip() for line in lines]


EVERY = [example for command in COMMANDS for example in examples(command)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the example of `copydesk run` runs, with an article dropped."""
    home = tmp_path_factory.mktemp("home")
    (home / "inbox").mkdir()
    text = article("https://example.org/news/1", "Lanterns for the quay")
    (home / "article.txt").write_bytes(text)
    (home / "inbox" / "article.txt").write_bytes(text)
    (example,) = examples("run")
    with subprocess.Popen(example.split(), cwd=home, env=ENVIRONMENT) as process:
        while not (home / "inbox" / "done" / "article.txt").exists():
            assert process.poll() is None
            time.sleep(0.02)
        yield home
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_every_command_is_looked_at() -> None:
    assert set(COMMANDS) == {
        "run",
        *ROLES,
        "parse",
        "trace",
        "diff",
        "status",
        "tail",
        "topics",
        "config",
    }
    assert set(EVERY) >= NEVER_ENDS


@pytest.mark.parametrize("example", [example for example in EVERY if example not in NEVER_ENDS])
def test_an_example_works(example: str, home: Path) -> None:
    done = subprocess.run(  # noqa: S602 -- the example is a line for a shell
        f"set -o pipefail; {example}",
        shell=True,
        executable="/bin/bash",
        cwd=home,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_terminal_of_80_columns(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = help_of(*command.split())
    assert max(map(len, shown.splitlines())) <= 80
    assert not re.search(r"\w\.\.\.$", shown, re.MULTILINE), "a summary is cut off"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_alone_is_refused_on_a_sqlite_log_and_told_why(
    role: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert status_of([role]) == 1
    assert f"a {role} alone needs Kafka" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
