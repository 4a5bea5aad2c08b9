"""The command line: one clear line for what is wrong, and the status that says which kind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import orjson
import pytest

import copydesk
from copydesk.commands import app
from copydesk.commands.app import ANOTHER_RUNS, BAD_USAGE, FAILED, status_of
from copydesk.errors import Unusable
from copydesk.http.server import bind
from copydesk.lock import Locked, hold
from copydesk.transport.api import Replaced

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("COPYDESK_")}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("COPYDESK_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def one_line(text: str) -> str:
    (line,) = text.splitlines()
    assert line.startswith("copydesk: ")
    return line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["frob"], "frob"),
        (["run", "--bogus"], "--bogus"),
        (["run", "extra"], "extra"),
        (["tail", "--port", "1"], "--port"),
        (["parse"], "FILE"),
        (["trace"], "PATH|ID|URL"),
        (["run", "--port"], "--port"),
        (["run", "--port", "high"], "'high'; it must be a whole number from 0 to 65535"),
        (["config", "--after", "burn"], "'burn'; it must be one of move, keep, delete"),
    ],
)
def test_bad_usage_is_one_line_and_status_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(arguments) == BAD_USAGE
    said = capsys.readouterr()
    assert words in one_line(said.err)
    assert said.out == ""


def test_a_wrong_variable_stops_the_start_by_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("COPYDESK_SCAN_SECONDS", "often")
    assert status_of(["run"]) == BAD_USAGE
    assert "COPYDESK_SCAN_SECONDS is 'often'" in one_line(capsys.readouterr().err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unusable("the disk\nis gone"), FAILED),
        (Locked("pid 7 has it"), ANOTHER_RUNS),
        (Replaced("host b has it"), ANOTHER_RUNS),
    ],
)
def test_what_stops_a_command_is_one_line_and_its_status(
    error: Exception,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(app, "app", fail)
    assert status_of(["run"]) == status
    assert one_line(capsys.readouterr().err).split() == ["copydesk:", *str(error).split()]


def test_without_a_command_it_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of([]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in ("run", "parse", "trace", "status", "tail", "config"))


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["--version"]) == 0
    assert capsys.readouterr().out == f"copydesk {copydesk.__version__}\n"


def test_help_does_not_load_what_only_the_work_needs() -> None:
    probe = (
        "import sys; from copydesk.commands.app import status_of; status_of(['run', '--help']);"
        "print([name for name in ('uvicorn', 'starlette', 'rich', 'structlog', 'ftfy', 'sqlite3')"
        " if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, env=CLEAN
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_config_says_what_is_in_force_and_from_where(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("COPYDESK_HOST", "::1")
    assert status_of(["config", "--include", "*.txt,*.gz"]) == 0
    lines = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert lines["COPYDESK_HOST"] == ["::1", "environment"]
    assert lines["COPYDESK_INCLUDE"] == ["*.txt,*.gz", "flag", "--include"]
    assert lines["COPYDESK_INBOX"] == [str(tmp_path / "inbox"), "default"]
    assert lines["COPYDESK_EXCLUDE"] == ["(none)", "default"]


def test_config_hides_passwords(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COPYDESK_STORE", "postgresql://ann:hunter2@host/db")
    assert status_of(["config"]) == 0
    out = capsys.readouterr().out
    assert "hunter2" not in out
    assert "postgresql://ann:***@host/db" in out


def test_a_variable_that_is_no_setting_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COPYDESK_INBX", "x")
    assert status_of(["config"]) == 0
    assert "COPYDESK_INBX is no setting; did you mean COPYDESK_INBOX?" in one_line(
        capsys.readouterr().err
    )


def refused(arguments: list[str], environ: Mapping[str, str] = CLEAN) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "copydesk", "run", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environ,
    )
    return done.returncode, done.stderr


def test_a_data_folder_in_the_inbox_is_refused(tmp_path: Path) -> None:
    status, said = refused(["--inbox", str(tmp_path), "--data", str(tmp_path / "data")])
    assert status == FAILED
    assert "lies in the inbox" in one_line(said)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named_with_its_flag(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, said = refused(["--inbox", str(tmp_path / "file" / "inbox")])
    assert status == FAILED
    assert "file/inbox: Not a directory; choose another with --inbox" in one_line(said)


def test_a_taken_port_ends_the_run_with_one_line(tmp_path: Path) -> None:
    with bind("127.0.0.1", 0) as taken:
        status, said = refused(["--port", str(taken.getsockname()[1])])
    assert status == FAILED
    assert "--port (0: any free one)" in one_line(said)


def test_data_that_another_process_writes_is_refused_with_its_pid(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with hold(tmp_path / "data" / "log.db"):
        status, said = refused(["--port", "0"])
    assert status == ANOTHER_RUNS
    assert f"pid {os.getpid()}" in one_line(said)


def test_a_line_in_a_pipe_is_whole_though_we_are_stopped_while_we_write_it(tmp_path: Path) -> None:
    article = tmp_path / "long.txt"
    article.write_bytes(
        b"<TITLE>Weir</TITLE>\n<PUBLISHED_DATE>2025-04-02</PUBLISHED_DATE>\n"
        b"<URL>https://alder.example/weir</URL>\n<CONTENT>\n"
        + b"water " * 30_000
        + b"\n</CONTENT>\n"
    )
    command = [sys.executable, "-m", "copydesk", "parse", str(article)]
    with subprocess.Popen(
        command, bufsize=0, stdout=subprocess.PIPE, env={**CLEAN, "PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout is not None
        line = b""
        while not line.endswith(b"\n") and (some := process.stdout.read(1000)):
            line += some
            process.send_signal(signal.SIGSTOP)
            process.send_signal(signal.SIGCONT)
    assert orjson.loads(line)["word_count"] == 30_000
