"""The repair of CONTENT: each false boundary is closed with one space."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from copydesk.parser.rejoin import cautious, english
from copydesk.parser.rejoin.evidence import damaged
from copydesk.parser.rejoin.language import is_english
from copydesk.parser.rejoin.seams import seam
from copydesk.parser.rejoin.verdict import PLAIN, UNCUT, UNDAMAGED, Rule, Verdict

_ENDS = frozenset(".!?")
REACH = 40
"""Characters of the text around a boundary that are shown."""


class Rejoined(NamedTuple):
    """Repaired blocks, the joins made by class, and whether the article looked damaged at all.

    `lawful` is False where the repair would have changed more than white space: then `blocks`
    are those given, and the caller counts it.
    """

    blocks: list[str]
    joins: dict[str, int]
    damaged: bool = True
    lawful: bool = True


class Boundary(NamedTuple):
    """A judged boundary, after block number `at`, with the text around it. `rule` decided."""

    at: int
    left: str
    right: str
    join: bool
    rule: str


def rejoin_content(
    blocks: Sequence[str], language: str | None, as_read: Sequence[str] | None = None
) -> Rejoined:
    """Join the blocks of CONTENT that are pieces of one sentence.

    `language` is a BCP 47 tag; None and `und` are read as English. An article that shows that it
    was not damaged passes unchanged, block for block. `as_read` are the blocks before their
    characters were repaired, if any were.
    """
    text = seam(blocks)
    if _whole(blocks, text, as_read):
        return Rejoined(list(blocks), {}, damaged=False)
    joined = _joined(blocks, text, language)
    if not joined:
        return Rejoined(list(blocks), {})
    repaired = _close(blocks, joined)
    # Every boundary, joined or not, is one space here: equal texts are equal in all but the
    # choice of boundaries, which is more than the law asks and costs two joins and a compare.
    if " ".join(repaired) != " ".join(blocks):
        return Rejoined(list(blocks), {}, lawful=False)
    joins: dict[str, int] = {}
    for _, rule in joined:
        joins[rule] = joins.get(rule, 0) + 1
    return Rejoined(repaired, joins)


def sentences(line: str, language: str | None) -> list[str]:
    """Cut a line of running text into its sentences by the same rules: upstream's cut, repaired."""
    pieces = cut(line)
    return _close(pieces, _joined(pieces, seam(pieces), language))


def cut(line: str) -> list[str]:
    """Cut a line where upstream cuts: after each `.`, `!` and `?` with white space after it."""
    for mark in _ENDS:
        line = line.replace(f"{mark} ", f"{mark}\n")
    return [piece for piece in line.split("\n") if piece]


def explain(
    blocks: Sequence[str], language: str | None, as_read: Sequence[str] | None = None
) -> Iterator[Boundary]:
    """Yield each boundary with the decision, its rule and the text on either side."""
    text = seam(blocks)
    whole = _whole(blocks, text, as_read)
    verdicts = {} if whole else dict(_judge_all(blocks, text, language))
    for index, (left, right) in enumerate(pairwise(blocks)):
        unjudged = UNDAMAGED if whole else PLAIN if left[-1:] in _ENDS else UNCUT
        join, rule = verdicts.get(index, unjudged)
        yield Boundary(index, left[-REACH:], right[:REACH], join, rule)


def _whole(blocks: Sequence[str], text: str, as_read: Sequence[str] | None) -> bool:
    """Tell whether the article shows that it was not damaged; `text` is the seam of `blocks`.

    `.&nbsp;` is white space after a full stop by now, and was none to the cut.
    """
    return not damaged(blocks, text) and (as_read is None or not damaged(as_read, seam(as_read)))


def _judge_all(blocks: Sequence[str], text: str, language: str | None) -> list[tuple[int, Verdict]]:
    """Judge the boundaries by the rules of `language`; `text` is the seam of `blocks`."""
    if is_english(language):
        return english.judge_all(blocks, text)
    return cautious.judge_all(blocks)


def _joined(blocks: Sequence[str], text: str, language: str | None) -> list[tuple[int, Rule]]:
    """Return the boundaries to close, each with the rule that says so."""
    return [(index, rule) for index, (join, rule) in _judge_all(blocks, text, language) if join]


def _close(blocks: Sequence[str], joined: Iterable[tuple[int, Rule]]) -> list[str]:
    """Join the runs of blocks that are one sentence."""
    repaired: list[str] = []
    first = after = 0  # blocks[first:after] is the run that is being joined
    for index, _ in joined:
        if index >= after:
            repaired += [" ".join(blocks[first:after])] if after else []
            repaired += blocks[after:index]
            first = index
        after = index + 2
    repaired += [" ".join(blocks[first:after])] if after else []
    repaired += blocks[after:]
    return repaired
