"""The tagged format: which fields a text has, and where.

A field opens where `<NAME>` (any case, blanks inside allowed) is the first thing on a line that is
outside a field. It ends at the first `</NAME>` that ends a line; everything between is text. The
format is not XML: it has no root and no escaping, and `<` and `&` occur in prose.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from copydesk.parser.rejected import Rejected

NAMES: Final = ("TITLE", "PUBLISHED_DATE", "URL", "AUTHOR", "SUMMARY", "HIGHLIGHTS", "CONTENT")
REQUIRED: Final = ("TITLE", "PUBLISHED_DATE", "URL", "CONTENT")
_KNOWN = frozenset(NAMES)

# Possessive throughout: a run is looked at once, whatever follows it.
_TAG = re.compile(r"< *+(/ *+)?([A-Za-z_]++) *+>( *+(?=\n|\Z))?")


class Fields(NamedTuple):
    """The fields of one article: their text by upper-case name, and where each text starts."""

    text: str
    values: dict[str, str]
    starts: dict[str, int]
    stray: str
    """Text between the fields."""

    def line(self, name: str) -> int:
        """The line, counted from 1, where the text of the field `name` begins."""
        start, value = self.starts[name], self.values[name]
        if not value.isspace():
            start += len(value) - len(value.lstrip())
        return self.text.count("\n", 0, start) + 1


def split_fields(text: str) -> Fields:
    """The fields of `text`, whose lines end with line feeds.

    Raises Rejected `no_tags`, `unclosed_tag`, `duplicate_field`, `several_articles` or
    `missing_field`.
    """
    values: dict[str, str] = {}
    starts: dict[str, int] = {}
    stray: list[str] = []
    inside: str | None = None
    start = 0  # of the field's text, or of what stands between fields
    last = 0  # end of the last tag
    for match in _TAG.finditer(text):
        slash, name, ends_line = match.groups()
        name = name.upper()
        if name not in _KNOWN:
            continue
        at, end = match.span()
        if slash:
            if inside == name and ends_line is not None:
                values[name] = text[start:at]
                inside, start = None, end
        elif _first_on_line(text, last, at):
            _demand_place(text, at, name, inside, starts)
            stray.append(text[start:at])
            inside, start = name, end
            starts[name] = end
        last = end
    if inside is not None:
        raise _unclosed(text, inside, starts[inside], "the file's end")
    if not starts:
        raise Rejected("no_tags", f"The file has no tag of an article ({', '.join(NAMES)}).")
    for name in REQUIRED:
        if name not in values:
            raise Rejected("missing_field", f"The field {name} is not there.", field=name)
    stray.append(text[start:])
    return Fields(text, values, starts, "\n".join(filter(None, map(str.strip, stray))))


def _first_on_line(text: str, last: int, at: int) -> bool:
    """Whether only blanks stand before `at` on its line. A tag ends at `last`, if that is not 0.

    Looks no further back than `last`, so that many tags on one line cost no more than one.
    """
    if at == 0 or text[at - 1] == "\n":
        return True
    line = text.rfind("\n", last, at) + 1
    return (line > 0 or last == 0) and not text[line:at].strip(" ")


def _demand_place(
    text: str, at: int, name: str, inside: str | None, starts: dict[str, int]
) -> None:
    """Raise unless the field `name` may open at `at`, within the field `inside` if any."""
    if inside is None and name not in starts:
        return
    line = text.count("\n", 0, at) + 1
    if inside is not None:
        raise _unclosed(text, inside, starts[inside], f"{name} opens in line {line}")
    if name == "TITLE" and "CONTENT" in starts:
        raise Rejected(
            "several_articles",
            "A second TITLE follows CONTENT: write one article a file.",
            field=name,
            line=line,
        )
    raise Rejected(
        "duplicate_field", f"The field {name} stands in the file twice.", field=name, line=line
    )


def _unclosed(text: str, name: str, start: int, before: str) -> Rejected:
    return Rejected(
        "unclosed_tag",
        f"The field {name} is opened and not closed by </{name}> at a line's end before {before}.",
        field=name,
        line=text.count("\n", 0, start) + 1,
    )
