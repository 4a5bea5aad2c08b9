"""The settings in force, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from copydesk.combinations import check_together
from copydesk.settings import (
    PREFIX,
    Declared,
    Settings,
    WrongSetting,
    declarations,
    file_variable,
    flag,
    masked,
    variable,
)

Origin = Literal["flag", "environment", "file", "default"]

LONGEST_SECRET: Final = 65_536


class Loaded(NamedTuple):
    """Settings, and where each comes from."""

    settings: Settings
    origins: Mapping[str, Origin]
    unknown: Sequence[tuple[str, str | None]]
    """Variables that look like settings and are none, each with the nearest that is one."""


def load(flags: Mapping[str, str | None], environ: Mapping[str, str]) -> Loaded:
    """The settings in force under these flags (by setting's name) and this environment.

    An empty variable counts as none. Raises WrongSetting.
    """
    declared = declarations()
    origins: dict[str, Origin] = {}
    values: dict[str, Any] = {}
    for name, declaration in declared.items():
        given = _given(name, declaration, flags, environ)
        text, origins[name] = given or (declaration.default.format(**values), "default")
        try:
            values[name] = declaration.kind.read(text)
        except ValueError:
            source = _source(name, origins[name])
            shown = "" if declaration.secret else f"is {masked(text)!r}; it "
            allowed = declaration.kind.allowed
            raise WrongSetting(f"{source} {shown}must be {allowed}") from None
    settings = Settings(**values)
    check_together(settings)
    return Loaded(settings, origins, _unknown(declared, environ))


def _given(
    name: str, declared: Declared, flags: Mapping[str, str | None], environ: Mapping[str, str]
) -> tuple[str, Origin] | None:
    by_flag, by_variable = flags.get(name), environ.get(variable(name))
    if by_flag is not None:
        return by_flag, "flag"
    if not declared.secret or not environ.get(file_variable(name)):
        return (by_variable, "environment") if by_variable else None
    if by_variable:
        raise WrongSetting(f"{variable(name)} and {file_variable(name)} are set; leave one out")
    return _secret_in(file_variable(name), Path(environ[file_variable(name)])), "file"


def _secret_in(variable: str, path: Path) -> str:
    """What stands in the file, without the end of its line."""
    try:
        with path.open("rb") as opened:
            text = opened.read(LONGEST_SECRET + 1).decode()
    except OSError as error:
        why = error.strerror
    except ValueError:  # a path with a NUL, or bytes that are no UTF-8
        why = "it holds no text"
    else:
        text = text.removesuffix("\n").removesuffix("\r")
        if 0 < len(text) <= LONGEST_SECRET:
            return text
        why = "it is too long" if text else "it is empty"
    raise WrongSetting(f"{variable} names {str(path)!r}, which cannot be used: {why}")


def _source(name: str, origin: Origin) -> str:
    if origin == "flag":
        return flag(name)
    return file_variable(name) if origin == "file" else variable(name)


def _unknown(
    declared: Mapping[str, Declared], environ: Mapping[str, str]
) -> list[tuple[str, str | None]]:
    known = {variable(name): name for name in declared}
    known |= {file_variable(name): name for name, each in declared.items() if each.secret}
    told = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            nearest = get_close_matches(name, known, 1, 0.8)
            told.append((name, nearest[0] if nearest else None))
    return told
