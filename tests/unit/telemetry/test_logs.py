"""What a log line looks like, and what no input can do to it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.telemetry.harmless import harmless
from copydesk.telemetry.logs import open_log

HOSTILE = 'a\n{"level":"error","event":"forged"}\r\x1b[2J\u2028\u202e\x85.txt'


@pytest.fixture(autouse=True)
def _root_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_a_json_line_has_time_level_event_service_instance_and_fields(
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_log(level="info", form="json", service="copydesk", instance="host:1").info("started", n=1)
    (line,) = lines(capsys)
    event = orjson.loads(line)
    assert list(event) == ["time", "level", "event", "service", "instance", "n"]
    assert event.pop("time").endswith("Z")
    assert event == {
        "level": "info",
        "event": "started",
        "service": "copydesk",
        "instance": "host:1",
        "n": 1,
    }


def test_auto_is_json_where_standard_error_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_log(level="info", form="auto", service="s", instance="i").info("started")
    assert orjson.loads(lines(capsys)[0])["event"] == "started"


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_hostile_name_cannot_forge_a_line(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    log = open_log(level="info", form=form, service="s", instance="i")
    log.warning("files_skipped", path=HOSTILE, codes={HOSTILE: 1}, more=[HOSTILE])
    (line,) = lines(capsys)
    assert "\x1b[2J" not in line
    assert "\u202e" not in line


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_cannot_be_taken_for_a_line_of_the_log(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log = open_log(level="info", form=form, service="s", instance="i")
    log.error("record_failed", exc_info=ValueError(HOSTILE))
    first, *rest = lines(capsys)
    assert "record_failed" in first
    assert all(line.startswith("    ") for line in rest)
    assert "\x1b[2J" not in "".join([first, *rest])


def test_less_than_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    log = open_log(level="warning", form="json", service="s", instance="i")
    log.info("started")
    assert lines(capsys) == []


def test_what_libraries_log_goes_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    open_log(level="info", form="json", service="s", instance="i")
    logging.getLogger("uvicorn.error").warning("bad request from %s", "x\ny")
    logging.getLogger("uvicorn.error").info("not of interest")
    (line,) = lines(capsys)
    event = orjson.loads(line)
    assert event["event"] == "library_said"
    assert event["library"] == "uvicorn.error"
    assert event["message"] == "bad request from x\\ny"


def test_a_log_that_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    log = open_log(level="info", form="json", service="s", instance="i")
    monkeypatch.setattr("sys.stderr", Full())
    log.info("started")


@given(st.text())
def test_harmless_text_is_one_line_that_prints(text: str) -> None:
    made = harmless(text)
    assert len(made.splitlines()) <= 1
    assert "\x1b" not in made
    made.encode()
