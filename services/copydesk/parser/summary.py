"""SUMMARY as it was before a cut of its own, and its sentences."""

from __future__ import annotations

import re
from typing import NamedTuple

from copydesk.parser.blocks import highlight_blocks, one_line
from copydesk.parser.rejoin import sentences

_BULLET = re.compile(r"\s*[-*•\u2013] ")
_BULLETED = re.compile(r"^ *[-*•\u2013] ", re.MULTILINE)
_CUT = ".\n- "
_ENDS_OF_CUT = " \n-"


class Summary(NamedTuple):
    """The text of a summary as one line, and its points.

    `lawful` is False where damaging the text again would not have given what was read: then the
    text is what was read.
    """

    text: str
    points: list[str]
    lawful: bool = True


def restore_summary(field: str, language: str) -> Summary:
    """SUMMARY repaired, its ends apart. Where it is a list of bullets, they are its points."""
    restored = _uncut(field)
    lawful = restored is field or _damage(restored) == field.rstrip(_ENDS_OF_CUT)
    text = (restored if lawful else field).strip()
    if _BULLET.match(text) or ("\n" in text and _BULLETED.search(text)):
        points = highlight_blocks(text)
        return Summary(" ".join(points), points, lawful)
    line = one_line(text)
    return Summary(line, sentences(line, language), lawful)


def _damage(text: str) -> str:
    """What the cut makes of `text`, without what may be trimmed from its end."""
    return text.replace(".", _CUT).rstrip(_ENDS_OF_CUT)


def _uncut(text: str) -> str:
    r"""SUMMARY before `text.replace(".", ".\n- ")`; where nothing was cut, as it is.

    The cut put a line end and a bullet after *every* full stop, so one that has anything else
    after it shows that there was no cut. In a list of bullets written as such, each bullet has one
    blank; the cut leaves two, or an empty bullet, wherever white space followed the full stop.
    """
    whole = text.rstrip() + " "  # the last cut's own blank may have been trimmed
    if whole.count(".") != whole.count(_CUT) + whole.endswith(". "):
        return text
    if _BULLET.match(whole) and ".\n-  " not in whole and ".\n- \n" not in whole:
        return text
    return whole.replace(_CUT, ".")
