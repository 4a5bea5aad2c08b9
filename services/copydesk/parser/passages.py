"""An article's running text: its blocks, and the sentences that a naive splitter broke made whole.

The order matters. The language decides the rules, CONTENT shows whether the article was damaged at
all, and highlights are found in CONTENT as it goes out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from copydesk.parser.blocks import content_blocks, highlight_blocks
from copydesk.parser.language import language
from copydesk.parser.rejoin import (
    Rejoined,
    rejoin_content,
    rejoin_highlights,
    tidy_pieces,
    tidy_spacing,
)
from copydesk.parser.summary import restore_summary


class Passages(NamedTuple):
    """The fields of an event that are sentences, and the language that they are in."""

    language: str
    summary: str
    summary_points: list[str]
    highlights: list[str]
    content: list[str]


def passages(texts: Mapping[str, str], repairs: Counter[str]) -> Passages:
    """The passages of a file's `texts` by tag. Counts in `repairs` what was done.

    A field whose repair would lose or invent anything goes out as it came, and is counted
    (`unrepaired_…`).
    """
    cut = content_blocks(texts["CONTENT"])
    tongue = language(cut)
    content = _content(cut, tongue, repairs)
    highlights = rejoin_highlights(
        highlight_blocks(texts.get("HIGHLIGHTS", "")),
        content.blocks,
        tongue,
        damaged=content.damaged,
    )
    summary = restore_summary(texts.get("SUMMARY", ""), tongue)
    laws = {
        "unrepaired_content": content.lawful,
        "unrepaired_highlights": highlights.lawful,
        "unrepaired_summary": summary.lawful,
    }
    repairs.update(name for name, lawful in laws.items() if not lawful)
    return Passages(
        tongue,
        tidy_spacing(summary.text, tongue),
        [tidy_spacing(point, tongue) for point in summary.points],
        highlights.blocks,
        content.blocks,
    )


def _content(cut: list[str], tongue: str, repairs: Counter[str]) -> Rejoined:
    """CONTENT's blocks made whole, and stray white space closed up.

    It is closed up before the blocks are judged, so that they are judged as they will stand, and
    after it where a join brought a mark up to its word.
    """
    content = rejoin_content(tidy_pieces(cut, tongue), tongue)
    if content.joins:
        content = content._replace(blocks=[tidy_spacing(block, tongue) for block in content.blocks])
    closed_up = " ".join(cut).count(" ") - " ".join(content.blocks).count(" ")
    if closed_up and _letters(cut) != _letters(content.blocks):
        return Rejoined(cut, {}, content.damaged, lawful=False)
    if closed_up:
        repairs["spacing"] += closed_up
    repairs.update({f"joined_{rule}": joins for rule, joins in content.joins.items()})
    return content


def _letters(blocks: list[str]) -> str:
    return "".join("".join(blocks).split())
