"""Options of the whole suite."""

from __future__ import annotations

import signal

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills", type=int, default=30, help="how often the crash test kills the pipeline"
    )


def pytest_configure() -> None:
    """Let Ctrl-C reach what the tests start, also where a shell has us in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
