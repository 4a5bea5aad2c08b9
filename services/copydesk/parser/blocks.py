"""Fields' text to blocks: lines, paragraphs and bullets, as they stand in the file."""

from __future__ import annotations

import re

_BLANK_LINE = re.compile(r"\n *\n")
# A list's own bullets may stand behind those of the format.
_BULLET = re.compile(r"\s*(?:[-*•\u2013] +)+")


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
