"""Which of an article's states is the present one, and what that makes of each event.

The law: any order of arrival of the same events, in any batches and however often repeated, gives
the same states. It holds because all that is kept of a state is the least and the greatest order
among its events, and the present state is the one with the greatest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Change = Literal["stored", "updated", "unchanged", "superseded"]


class Order(NamedTuple):
    """Where an event stands among those of its article; the greatest is the newest.

    The version id comes last so that no two versions are equal: two inboxes may observe the same
    text in the same microsecond.
    """

    observed_at: str
    generation: int
    revision: str
    version_id: str


class State(NamedTuple):
    """A revision of an article: the first and the last of its events."""

    first: Order
    last: Order

    @property
    def revision(self) -> str:
        """What the state's events have in common."""
        return self.last.revision


class Folded(NamedTuple):
    """An article's states after some events. `changes` has one entry an event, in their order."""

    states: Sequence[State]
    current: Order
    changes: Sequence[Change]


def fold(known: Iterable[State], events: Sequence[Order]) -> Folded:
    """Bring `events` (at least one, in the order of their arrival) to an article's `known` states.

    Newer than the present state and of another text: `stored` where there was none, else `updated`.
    Newer and of the same text: `unchanged`. Older: `superseded`.
    """
    states = {state.revision: state for state in known}
    current = max((state.last for state in states.values()), default=None)
    changes: list[Change] = []
    for event in events:
        changes.append(_change(current, event))
        current = event if current is None else max(current, event)
        state = states.get(event.revision)
        states[event.revision] = (
            State(event, event)
            if state is None
            else State(min(state.first, event), max(state.last, event))
        )
    if current is None:
        raise ValueError("no events to fold")
    return Folded(list(states.values()), current, changes)


def _change(current: Order | None, event: Order) -> Change:
    if current is None:
        return "stored"
    if event < current:
        return "superseded"
    return "unchanged" if event.revision == current.revision else "updated"
