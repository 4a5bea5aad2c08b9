"""Settings: each declared once, here, with its type, its default, its words and what it may be.

A setting `scan_seconds` is the flag `--scan-seconds` and the variable `COPYDESK_SCAN_SECONDS`; the
flag goes before the variable, the variable before the default. There is no settings file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, get_args, get_type_hints
from urllib.parse import urlsplit

PREFIX: Final = "COPYDESK_"

After = Literal["move", "keep", "delete"]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "json", "console"]
Origin = Literal["flag", "environment", "default"]


class WrongSetting(Exception):
    """A setting has a value that it may not have. Its words name it, the value, what is allowed."""


class Kind(NamedTuple):
    """What a value may be. `read` raises ValueError on any text that `allowed` does not admit."""

    allowed: str
    read: Callable[[str], object]


class Declared(NamedTuple):
    """A setting's declaration. `{data}` in a default is the setting `data`."""

    kind: Kind
    default: str
    help: str


def _folder() -> Kind:
    def read(text: str) -> Path:
        if not text or "\0" in text:
            raise ValueError
        return Path(text).expanduser().absolute()

    return Kind("the path of a folder", read)


def _matching(allowed: str, pattern: str) -> Kind:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError
        return text

    return Kind(allowed, read)


def _address(server: str) -> Kind:
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


def _one_of(choices: Sequence[str]) -> Kind:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return Kind("one of " + ", ".join(choices), read)


def _patterns() -> Kind:
    def read(text: str) -> tuple[str, ...]:
        patterns = tuple(part.strip() for part in text.split(",") if part.strip())
        if any(pattern.startswith("/") or "\0" in pattern for pattern in patterns):
            raise ValueError
        return patterns

    return Kind("patterns such as *.txt, separated by commas, relative to the inbox", read)


def _whole(low: int, high: int) -> Kind:
    def read(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError
        return number

    return Kind(f"a whole number from {low} to {high}", read)


def _seconds(low: float, high: float) -> Kind:
    def read(text: str) -> float:
        number = float(text)
        if not low <= number <= high:
            raise ValueError
        return number

    return Kind(f"a number of seconds from {low:g} to {high:g}", read)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force."""

    inbox: Annotated[Path, Declared(_folder(), "./inbox", "Folder that is watched.")]
    inbox_name: Annotated[
        str,
        Declared(
            _matching("1 to 63 of a-z, 0-9 and -", r"[a-z0-9-]{1,63}"),
            "inbox",
            "Name of the inbox in messages and tables.",
        ),
    ]
    data: Annotated[Path, Declared(_folder(), "./data", "Folder of the log and the storage.")]
    transport: Annotated[
        str,
        Declared(_address("kafka://HOST:PORT"), "sqlite:///{data}/log.db", "Where the log is."),
    ]
    store: Annotated[
        str,
        Declared(
            _address("postgresql://HOST/DATABASE"),
            "sqlite:///{data}/articles.db",
            "Where the articles go.",
        ),
    ]
    prefix: Annotated[
        str,
        Declared(
            _matching("1 to 100 of a-z, 0-9, ., _ and -", r"[a-z0-9._-]{1,100}"),
            "articles",
            "Begins the names of topics, groups and transactions, so that some can share a Kafka.",
        ),
    ]
    partitions: Annotated[
        int,
        Declared(
            _whole(1, 1000), "4", "Into how many parts topics are cut where they are made on Kafka."
        ),
    ]
    after: Annotated[
        After,
        Declared(
            _one_of(get_args(After)),
            "move",
            "What to do with a file that is done: move it to done/ or rejected/, keep it in its "
            "place, or delete it once stored.",
        ),
    ]
    include: Annotated[
        tuple[str, ...], Declared(_patterns(), "*", "Patterns of the files that are taken.")
    ]
    exclude: Annotated[
        tuple[str, ...], Declared(_patterns(), "", "Patterns of files that are left alone.")
    ]
    settle_seconds: Annotated[
        float,
        Declared(
            _seconds(0, 86400),
            "10",
            "How long a file must be unchanged, where the system cannot tell whether it is open.",
        ),
    ]
    scan_seconds: Annotated[
        float, Declared(_seconds(0.1, 86400), "60", "How often the whole folder is looked through.")
    ]
    host: Annotated[
        str,
        Declared(
            _matching("a host name or an address", r"[0-9A-Za-z.:_-]+"),
            "127.0.0.1",
            "Address that /metrics, /healthz and /readyz are served on.",
        ),
    ]
    port: Annotated[int, Declared(_whole(0, 65535), "9464", "Port of the same; 0 is any free one.")]
    log_level: Annotated[
        LogLevel, Declared(_one_of(get_args(LogLevel)), "info", "The least level that is logged.")
    ]
    log_format: Annotated[
        LogFormat,
        Declared(
            _one_of(get_args(LogFormat)),
            "auto",
            "json is a line each, console is for reading; auto is json, and on a terminal the "
            "live view.",
        ),
    ]


class Loaded(NamedTuple):
    """Settings, and where each comes from."""

    settings: Settings
    origins: Mapping[str, Origin]
    unknown: Sequence[tuple[str, str | None]]
    """Variables that look like settings and are none, each with the nearest that is one."""


def declarations() -> Mapping[str, Declared]:
    """Every setting's declaration by name, in the order of declaration."""
    hints = get_type_hints(Settings, include_extras=True)
    return {name: get_args(hint)[1] for name, hint in hints.items()}


def variable(name: str) -> str:
    """The environment variable of the setting `name`."""
    return PREFIX + name.upper()


def flag(name: str) -> str:
    """The flag of the setting `name`."""
    return "--" + name.replace("_", "-")


def load(flags: Mapping[str, str | None], environ: Mapping[str, str]) -> Loaded:
    """The settings in force under these flags (by setting's name) and this environment.

    An empty variable counts as none. Raises WrongSetting.
    """
    declared = declarations()
    origins: dict[str, Origin] = {}
    values: dict[str, Any] = {}
    for name, (kind, default, _) in declared.items():
        given = flags.get(name)
        if given is not None:
            text, origins[name] = given, "flag"
        elif environ.get(variable(name)):
            text, origins[name] = environ[variable(name)], "environment"
        else:
            text, origins[name] = default.format(**values), "default"
        try:
            values[name] = kind.read(text)
        except ValueError:
            source = flag(name) if origins[name] == "flag" else variable(name)
            raise WrongSetting(f"{source} is {masked(text)!r}; it must be {kind.allowed}") from None
    return Loaded(Settings(**values), origins, _unknown(declared, environ))


def _unknown(
    declared: Mapping[str, Declared], environ: Mapping[str, str]
) -> list[tuple[str, str | None]]:
    told = []
    for name in sorted(environ):
        short = name.removeprefix(PREFIX).lower()
        if name.startswith(PREFIX) and short not in declared:
            nearest = get_close_matches(short, declared, 1)
            told.append((name, variable(nearest[0]) if nearest else None))
    return told


def masked(text: str) -> str:
    """`text` with the passwords of a URL replaced: `scheme://user:***@host/?password=***`."""
    hidden = re.sub(r"(?i)\b([a-z_]*(?:password|secret|token)[a-z_]*=)[^&\s]*", r"\1***", text)
    # Up to the last @: a password may have any character that should have been escaped.
    return re.sub(r"(?<=://)([^/@:]*):\S*@", r"\1:***@", hidden)
