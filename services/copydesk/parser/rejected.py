"""How the parser says no."""

from __future__ import annotations

from copydesk_schemas.messages import Code, Rejection

_LONGEST_QUOTE = 60


class Rejected(Exception):
    """The file is no article. Raised anywhere in the parser, caught in `article.parse` alone."""

    def __init__(
        self, code: Code, reason: str, *, field: str | None = None, line: int | None = None
    ) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.field = field
        self.line = line

    def rejection(self) -> Rejection:
        """The same as data."""
        return {
            "code": self.code,
            "reason": self.reason,
            "field": self.field,
            "line": self.line,
        }


def quoted(text: str) -> str:
    """`text` as a reason may show it: one printable line, shortened, in quotation marks."""
    line = " ".join(text.split())
    if len(line) > _LONGEST_QUOTE:
        line = line[: _LONGEST_QUOTE - 1] + "…"
    return '"' + "".join(char if char.isprintable() else "\ufffd" for char in line) + '"'
