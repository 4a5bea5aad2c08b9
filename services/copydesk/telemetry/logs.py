"""The log: one line an event on standard error, JSON for machines, colours for a terminal."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping
from textwrap import indent
from typing import cast

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from copydesk.telemetry.harmless import harmless

Log = FilteringBoundLogger
"""What `open_log` makes."""


def open_log(*, level: str, form: str, service: str, instance: str, foreign: bool = True) -> Log:
    """A logger that writes to what is standard error at the time of writing.

    `form` is `json`, `console`, or `auto`: console on a terminal. `service` and `instance` are
    fields of each JSON line. What libraries log through `logging` goes the same way from WARNING
    up.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    logger = structlog.wrap_logger(
        _StandardError(),
        processors=_for_a_reader() if console else _for_a_machine(service, instance),
        wrapper_class=structlog.make_filtering_bound_logger(number),
        context_class=dict,
        cache_logger_on_first_use=True,
    )
    opened = cast("Log", logger.bind())
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[_Foreign(opened)], force=True)
    return opened


class _StandardError:
    """Where lines go. A reader that left, or a full disk, must not stop the pipeline."""

    def _write(self, line: str) -> None:
        try:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()
        except OSError:
            return

    debug = info = warning = error = critical = log = msg = _write


class _Foreign(logging.Handler):
    """Takes what libraries say through `logging` into our log."""

    def __init__(self, logger: Log) -> None:
        super().__init__()
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        self._logger.log(
            record.levelno,
            "library_said",
            library=record.name,
            message=record.getMessage(),
            exc_info=record.exc_info,
        )


def _for_a_machine(service: str, instance: str) -> list[Processor]:
    def identify(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {
            "time": event.pop("time"),
            "level": event.pop("level"),
            "event": event.pop("event"),
            "service": service,
            "instance": instance,
            **event,
        }

    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper("iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
        identify,
        _one_line,
        _as_json,
    ]


def _for_a_reader() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper("%H:%M:%S", utc=False),
        structlog.processors.format_exc_info,
        _one_line,
        _indented,
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty() and not os.environ.get("NO_COLOR"), pad_event_to=24
        ),
    ]


def _one_line(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Make every text in the event harmless. A traceback keeps its lines."""
    trace = event.pop("exception", None)
    safe = {name: _harmless(value) for name, value in event.items()}
    if isinstance(trace, str):
        safe["exception"] = "\n".join(harmless(line) for line in trace.split("\n"))
    return safe


def _indented(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Set a traceback's lines off from those of the log."""
    if "exception" in event:
        event["exception"] = indent(event["exception"], "    ", lambda _: True)
    return event


def _harmless(value: object) -> object:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, Mapping):
        return {harmless(str(name)): _harmless(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_harmless(item) for item in value]
    return value


def _as_json(logger: WrappedLogger, method: str, event: EventDict) -> str:
    default: Callable[[object], str] = lambda value: harmless(str(value))  # noqa: E731
    return orjson.dumps(event, default=default).decode()
