"""Fields' text to blocks: paragraphs, bullets, and the summary as it was.

The files come from a program that cut text after full stops. Here only SUMMARY's damage is undone,
whose inverse is exact; where sentences were cut in CONTENT and HIGHLIGHTS, the cuts stay.
"""

from __future__ import annotations

import re

_BLANK_LINE = re.compile(r"\n *\n")
_BULLET = re.compile(r"\s*[-*•\u2013] ")
_BULLETED = re.compile(r"^ *[-*•\u2013] ", re.MULTILINE)
_CUT = ".\n- "


def one_line(text: str) -> str:
    """`text` with each run of white space as one blank, and none at its ends."""
    text = text.strip()
    if "\n" in text or "  " in text:
        return " ".join(text.split())
    return text


def content_blocks(text: str) -> list[str]:
    """CONTENT's paragraphs, which blank lines divide, each as one line."""
    return [block for piece in _BLANK_LINE.split(text) if (block := one_line(piece))]


def highlight_blocks(text: str) -> list[str]:
    """The bullets of HIGHLIGHTS, each as one line; without any bullet, the lines.

    A line without a bullet goes on with the one before, unless a blank line stands between.
    """
    lines = text.strip().split("\n")
    bulleted = any(_BULLET.match(line + " ") for line in lines)
    blocks: list[list[str]] = []
    fresh = True
    for line in lines:
        bullet = _BULLET.match(line + " ")
        if fresh or bullet or not bulleted:
            blocks.append([])
        blocks[-1].append(line[bullet.end() :] if bullet else line)
        fresh = not line.strip()
    joined = [one_line(" ".join(block)) for block in blocks]
    return [block for block in joined if block]


def summary_blocks(text: str) -> tuple[str, list[str]]:
    """The text of SUMMARY as one line, and its sentences.

    Where the field is a list of bullets, they are its points.
    """
    text = summary_text(text).strip()
    if _BULLET.match(text) or ("\n" in text and _BULLETED.search(text)):
        points = highlight_blocks(text)
        return " ".join(points), points
    line = one_line(text)
    return line, _sentences(line)


def summary_text(text: str) -> str:
    r"""SUMMARY before `text.replace(".", ".\n- ")`, ends apart; where nothing was cut, as it is.

    The cut put a line end and a bullet after *every* full stop, so one that has anything else
    after it shows that there was no cut. In a list of bullets written as such, each bullet has one
    blank; the cut leaves two, or an empty bullet, wherever white space followed the full stop.
    """
    whole = text.strip() + " "  # the last cut's own blank may have been trimmed
    if whole.count(".") != whole.count(_CUT) + whole.endswith(". "):
        return text
    if _BULLET.match(whole) and ".\n-  " not in whole and ".\n- \n" not in whole:
        return text
    return whole.replace(_CUT, ".")


def _sentences(line: str) -> list[str]:
    for end in ".!?":
        line = line.replace(f"{end} ", f"{end}\n")
    return line.split("\n") if line else []
