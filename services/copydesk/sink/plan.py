"""What to write for a batch of events, given what the database has. Pure; for every database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from copydesk.sink.event import Event
from copydesk.sink.precedence import Folded, Order, State, fold
from copydesk.sink.store import Settled


class Body(NamedTuple):
    """A revision to be written whole; where it exists, its source is an earlier event now."""

    event: Event
    state: State
    current: bool


class Move(NamedTuple):
    """A revision that keeps its source: its last event, or whether it is current, changes."""

    article_id: str
    state: State
    current: bool


class Plan(NamedTuple):
    """The writes, sorted by article id, and the answers, one an event in the order of arrival."""

    bodies: Sequence[Body]
    moves: Sequence[Move]
    settled: Sequence[tuple[Event, Settled]]
    """Versions whose outcome is new."""
    answers: Sequence[Settled]


def plan(
    events: Sequence[Event],
    states: Mapping[str, Sequence[State]],
    settled: Mapping[str, Settled],
    now: str,
) -> Plan:
    """What `events` change, given the `states` of their articles and who of them is `settled`.

    A version that was rejected stays out of storage. One that was stored is folded again, which
    changes nothing, unless a later generation of the parser made another event of it.
    """
    answers = dict(settled)
    by_article: dict[str, list[Event]] = {}
    for event in events:
        known = settled.get(event.source_version_id)
        if known is None or known.outcome != "rejected":
            by_article.setdefault(event.article_id, []).append(event)
    writes: list[Body | Move] = []
    fresh: list[tuple[Event, Settled]] = []
    for article_id in sorted(by_article):
        arrived = by_article[article_id]
        before = states.get(article_id, ())
        orders = [event.order for event in arrived]
        folded = fold(before, orders)
        for event, change in zip(arrived, folded.changes, strict=True):
            version_id = event.source_version_id
            if version_id not in answers:
                answer = Settled(version_id, change, now, article_id, event.revision, None, True)
                answers[version_id] = answer
                fresh.append((event, answer))
        writes += _writes(article_id, before, folded, dict(zip(orders, arrived, strict=True)))
    return Plan(
        [write for write in writes if isinstance(write, Body)],
        [write for write in writes if isinstance(write, Move)],
        fresh,
        [answers[event.source_version_id] for event in events],
    )


def _writes(
    article_id: str, before: Sequence[State], folded: Folded, arrived: Mapping[Order, Event]
) -> Iterator[Body | Move]:
    """What has to change where an article's states were `before` and are `folded`."""
    was = {state.revision: state for state in before}
    was_current = max((state.last for state in before), default=None)
    for state in folded.states:
        old = was.get(state.revision)
        current = state.last == folded.current
        if old is None or old.first != state.first:
            yield Body(arrived[state.first], state, current)
        elif old != state or current != (old.last == was_current):
            yield Move(article_id, state, current)
