"""A flood is told at once, then together, and nothing of it is left out."""

from __future__ import annotations

from collections.abc import Mapping

from copydesk.telemetry.folding import EVERY_SECONDS, Folded


class Heard:
    def __init__(self) -> None:
        self.now = 100.0
        self.told: list[Mapping[str, int]] = []
        self.folded = Folded(self.told.append, lambda: self.now)


def test_the_first_is_told_at_once() -> None:
    heard = Heard()
    heard.folded.add({"empty": 1})
    assert heard.told == [{"empty": 1}]


def test_a_flood_is_told_together_when_its_time_has_come() -> None:
    heard = Heard()
    for _ in range(100):
        heard.folded.add({"empty": 1, "no_tags": 2})
    assert heard.told == [{"empty": 1, "no_tags": 2}]
    heard.now += EVERY_SECONDS
    heard.folded.tell_if_due()
    assert heard.told[1:] == [{"empty": 99, "no_tags": 198}]
    heard.now += EVERY_SECONDS
    heard.folded.tell_if_due()
    assert len(heard.told) == 2


def test_at_the_end_nothing_is_held_back() -> None:
    heard = Heard()
    heard.folded.add({"empty": 1})
    heard.folded.add({"empty": 5})
    heard.folded.tell()
    assert heard.told == [{"empty": 1}, {"empty": 5}]
