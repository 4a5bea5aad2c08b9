"""The quick look at a boundary never hides one that a judge would have closed."""

from __future__ import annotations

import pytest

from copydesk.parser.rejoin import explain
from copydesk.parser.rejoin.gap import gap_at
from copydesk.parser.rejoin.lexicon import JUDGES

RIGHTS = ["Norton came.", "The end came.", "“Bud” Norton came.", '"Bud" Norton came.']


@pytest.mark.parametrize("right", RIGHTS)
@pytest.mark.parametrize("lead", ["So it was with", "He saw 5", "In Reno,", "A (", "Now-"])
def test_every_shortened_word_is_judged_as_its_judge_says(lead: str, right: str) -> None:
    for word, judge in JUDGES.items():
        left = f"{lead}{word}" if lead.endswith(("(", "-")) else f"{lead} {word}".strip()
        wanted = judge(gap_at([left, right], 0, 0)).join
        assert next(iter(explain([left, right], "en"))).join == wanted, (left, right)
