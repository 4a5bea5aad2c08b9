"""`copydesk`, with a parser that raises on an article whose title is STUMBLE."""

from __future__ import annotations

from copydesk.commands.app import main
from copydesk.parser import step

_parse = step.parse


def _stumbling(data: bytes, *args: object, **kwargs: object) -> object:
    if b"<TITLE>STUMBLE<" in data:
        raise RuntimeError("stumbled")
    return _parse(data, *args, **kwargs)  # type: ignore[arg-type]


step.parse = _stumbling  # type: ignore[assignment]
main()
