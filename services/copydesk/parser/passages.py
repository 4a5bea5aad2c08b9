"""An article's running text: its blocks, and the sentences that a naive splitter broke made whole.

The order matters. The language decides the rules, CONTENT shows whether the article was damaged at
all, and highlights are found in CONTENT as it goes out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from typing import Final, NamedTuple

from copydesk.parser.blocks import content_blocks, highlight_blocks, one_line
from copydesk.parser.language import language
from copydesk.parser.rejoin import (
    Boundary,
    Highlights,
    Rejoined,
    cut,
    explain,
    has_strays,
    rejoin_content,
    rejoin_highlights,
    tidy_pieces,
    tidy_spacing,
)
from copydesk.parser.summary import restore_summary

AS_READ: Final = "as_read"
"""Among the texts, CONTENT as it was before its characters were repaired, if any were."""

_MARKS = frozenset(",.”")


class Passages(NamedTuple):
    """The fields of an event that are sentences, and the language that they are in."""

    language: str
    summary: str
    summary_points: list[str]
    highlights: list[str]
    content: list[str]


def passages(texts: Mapping[str, str], repairs: Counter[str]) -> Generator[None, None, Passages]:
    """The passages of a file's `texts` by tag, step by step. Counts in `repairs` what was done.

    A field whose repair would lose or invent anything goes out as it came, and is counted
    (`unrepaired_…`).
    """
    blocks = content_blocks(texts["CONTENT"])
    tongue = language(blocks)
    yield
    content = _content(blocks, _as_read(texts), tongue, repairs)
    yield
    highlights = _highlights(texts, content, tongue)
    yield
    summary = restore_summary(texts.get("SUMMARY", ""), tongue)
    for name, field in ("content", content), ("highlights", highlights), ("summary", summary):
        if not field.lawful:
            repairs[f"unrepaired_{name}"] = 1
    yield
    text, points = summary.text, summary.points
    if has_strays(text):  # else no point, which is a part of it, has any
        text, points = tidy_spacing(text, tongue), [tidy_spacing(point, tongue) for point in points]
    return Passages(tongue, text, points, highlights.blocks, content.blocks)


def judged(texts: Mapping[str, str]) -> Iterator[tuple[str, Boundary]]:
    """Each boundary in the passages of `texts`, judged as `passages` judges it, with its tag."""
    content = content_blocks(texts["CONTENT"])
    tongue = language(content)
    summary = one_line(restore_summary(texts.get("SUMMARY", ""), tongue).text)
    as_read = _as_read(texts)
    highlights = _highlights(texts, _content(content, as_read, tongue, Counter()), tongue)
    yield from (("SUMMARY", boundary) for boundary in explain(cut(summary), tongue))
    pieces = tidy_pieces(content, tongue)
    yield from (("CONTENT", boundary) for boundary in explain(pieces, tongue, as_read))
    for strays in highlights.strays:
        yield from (("HIGHLIGHTS", boundary) for boundary in explain(strays, tongue))


def _as_read(texts: Mapping[str, str]) -> list[str] | None:
    return content_blocks(texts[AS_READ]) if AS_READ in texts else None


def _highlights(texts: Mapping[str, str], content: Rejoined, tongue: str) -> Highlights:
    given = highlight_blocks(texts.get("HIGHLIGHTS", ""))
    return rejoin_highlights(given, content.blocks, tongue, damaged=content.damaged)


def _content(
    given: list[str], as_read: list[str] | None, tongue: str, repairs: Counter[str]
) -> Rejoined:
    """CONTENT's blocks made whole, and stray white space closed up.

    It is closed up before the blocks are judged, so that they are judged as they will stand, and
    after it where a join brought a mark up to its word.
    """
    pieces = tidy_pieces(given, tongue)
    content = rejoin_content(pieces, tongue, as_read)
    blocks = content.blocks
    if content.joins and not _MARKS.isdisjoint([piece[:1] for piece in pieces]):
        blocks = tidy_pieces(blocks, tongue)
    if pieces is not given or blocks is not content.blocks:
        tidied = [*_changed(given, pieces), *_changed(content.blocks, blocks)]
        same = " ".join(pieces) == " ".join(content.blocks)
        if not same or any(_letters(old) != _letters(new) for old, new in tidied):
            return Rejoined(given, {}, content.damaged, lawful=False)
        closed_up = sum(old.count(" ") - new.count(" ") for old, new in tidied)
        repairs.update(["spacing"] * closed_up)
    for rule, joins in content.joins.items():
        repairs[f"joined_{rule}"] = joins
    return content._replace(blocks=blocks)


def _changed(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """The blocks that tidying changed, as they were and as they are: mostly one or two of many."""
    pairs = zip(before, after, strict=True) if after is not before else ()
    return [(old, new) for old, new in pairs if old is not new]


def _letters(block: str) -> str:
    return "".join(block.split())
