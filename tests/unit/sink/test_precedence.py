"""The law of precedence, by permutation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.sink.precedence import Order, State, fold

ORDERS = st.lists(
    st.builds(
        Order,
        observed_at=st.sampled_from(["1", "2", "3"]),
        generation=st.integers(1, 2),
        revision=st.sampled_from("ABC"),
        version_id=st.sampled_from("xyz"),
    ),
    min_size=1,
    max_size=8,
)


@given(ORDERS, st.data())
def test_any_order_any_batches_and_any_repetition_give_the_same_states(
    orders: list[Order], data: st.DataObject
) -> None:
    expected = fold((), orders)
    again = data.draw(st.permutations([*orders, *data.draw(st.lists(st.sampled_from(orders)))]))
    folded = fold((), again[:1])
    rest = again[1:]
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        folded = fold(folded.states, rest[:size])
        rest = rest[size:]
    assert set(folded.states) == set(expected.states)
    assert folded.current == expected.current == max(orders)


@given(ORDERS)
def test_a_state_is_the_first_and_the_last_of_its_events(orders: list[Order]) -> None:
    for state in fold((), orders).states:
        events = [order for order in orders if order.revision == state.revision]
        assert state == State(min(events), max(events))


@pytest.mark.parametrize(
    ("arrivals", "changes"),
    [
        ("1A", ["stored"]),
        ("1A 2B", ["stored", "updated"]),
        ("1A 2A", ["stored", "unchanged"]),
        ("2B 1A", ["stored", "superseded"]),
        ("2A 1A", ["stored", "superseded"]),
        ("1A 2B 3A", ["stored", "updated", "updated"]),
        ("1A 3A 2B", ["stored", "unchanged", "superseded"]),
        ("1A 1A", ["stored", "unchanged"]),
    ],
)
def test_what_an_event_changes(arrivals: str, changes: list[str]) -> None:
    """Each arrival is a time and a text."""
    orders = [Order(one[0], 1, one[1], one[0]) for one in arrivals.split()]
    assert list(fold((), orders).changes) == changes


def test_of_one_moment_the_later_generation_of_the_parser_counts() -> None:
    old, new = Order("1", 1, "B", "x"), Order("1", 2, "A", "x")
    assert fold((), [new, old]).current == new


def test_nothing_to_fold_is_refused() -> None:
    with pytest.raises(ValueError, match="no events"):
        fold((), [])
