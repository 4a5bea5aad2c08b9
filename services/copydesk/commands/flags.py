"""A command's flags, made of the settings' declarations."""

from __future__ import annotations

import functools
import inspect
import os
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from copydesk import settings
from copydesk.loading import Loaded, load


def takes(*names: str) -> Callable[[Callable[..., int]], Callable[..., None]]:
    """Give a command a flag for each of the settings `names`, the secret ones left out.

    The command's first parameter takes the loaded settings, the others are its own; what it returns
    is the exit status.
    """
    declared = settings.declarations()
    by_flag = [name for name in names if not declared[name].secret]

    def decorate(command: Callable[..., int]) -> Callable[..., None]:
        own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
        flags = [_parameter(name) for name in by_flag]

        @functools.wraps(command)
        def run(**given: Any) -> None:
            loaded = load({name: given.pop(name) for name in by_flag}, os.environ)
            raise typer.Exit(command(loaded, **given))

        parameters = [*own, *flags]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        return run

    return decorate


def warn_of_unknown(loaded: Loaded) -> None:
    """Say which variables look like settings and are none, for a command without a log."""
    for name, nearest in loaded.unknown:
        hint = f"; did you mean {nearest}?" if nearest else ""
        sys.stderr.write(f"copydesk: warning: {name} is no setting{hint}\n")


def _parameter(name: str) -> inspect.Parameter:
    declared = settings.declarations()[name]
    default = declared.default.format(data="DATA") or "none"
    option = typer.Option(
        settings.flag(name),
        help=f"{declared.help} [{settings.variable(name)}; default: {default}]",
        metavar=name.rpartition("_")[2].upper(),
        show_default=False,
    )
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[str | None, option],
    )
