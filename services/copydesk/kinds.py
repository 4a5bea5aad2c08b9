"""What settings may be: each kind reads its text, and says in words what it allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit


class Secret:
    """A text that is shown to nobody by accident; empty where there is none."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one who must have it."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "***" if self else ""


class Kind(NamedTuple):
    """What a value may be. `read` raises ValueError on any text that `allowed` does not admit."""

    allowed: str
    read: Callable[[str], object]


def folder() -> Kind:
    """A folder; relative ones are made absolute, so that messages can be followed."""

    def read(text: str) -> Path:
        if not text or "\0" in text:
            raise ValueError
        return Path(text).expanduser().absolute()

    return Kind("the path of a folder", read)


def matching(allowed: str, pattern: str) -> Kind:
    """Text that matches `pattern` as a whole."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError
        return text

    return Kind(allowed, read)


def address(server: str) -> Kind:
    """A SQLite file, or a server by a URL of the form `server`."""
    scheme = server.partition("://")[0]

    def read(text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
            return text
        if text.startswith(f"{scheme}://"):  # the rest is its client's business
            return text
        raise ValueError

    return Kind(f"sqlite:///PATH or {server}", read)


def one_of(choices: Sequence[str]) -> Kind:
    """One of `choices`."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return Kind("one of " + ", ".join(choices), read)


def patterns() -> Kind:
    """Patterns of file names."""

    def read(text: str) -> tuple[str, ...]:
        patterns = tuple(part.strip() for part in text.split(",") if part.strip())
        if any(pattern.startswith("/") or "\0" in pattern for pattern in patterns):
            raise ValueError
        return patterns

    return Kind("patterns such as *.txt, separated by commas, relative to the inbox", read)


def whole(low: int, high: int) -> Kind:
    """A whole number, both ends included."""

    def read(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError
        return number

    return Kind(f"a whole number from {low} to {high}", read)


def seconds(low: float, high: float) -> Kind:
    """A number of seconds, both ends included."""

    def read(text: str) -> float:
        number = float(text)
        if not low <= number <= high:
            raise ValueError
        return number

    return Kind(f"a number of seconds from {low:g} to {high:g}", read)


def text() -> Kind:
    """Any text of one line."""
    return matching("a text of one line", r"[^\0\r\n]*")


def file() -> Kind:
    """A file that is there, or none."""

    def read(path: str) -> Path | None:
        if not path:
            return None
        if "\0" in path or not Path(path).expanduser().is_file():
            raise ValueError
        return Path(path).expanduser().absolute()

    return Kind("the path of a file that is there", read)


def _secret(given: str) -> Secret:
    if set(given) & {"\0", "\r", "\n"}:
        raise ValueError
    return Secret(given)


SECRET = Kind("a text of one line", _secret)
"""A text that must not be shown."""
