"""Changes between two states are told in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copydesk.sink.changes import Change, changes
from copydesk.sink.store import TextRow

ROW = TextRow(
    revision="ab",
    title="Ferry stays",
    url="https://quay.example/1",
    published_date="2025-06-03",
    published_at=None,
    authors=["Ida Brandt"],
    language="en",
    summary="It stays.",
    highlights=["The vote was close."],
    content=["The council voted.", "The ferry costs $3.5 million a year.", "Nobody minds."],
)


def test_a_change_is_told_with_its_field_and_the_words_around_it() -> None:
    content = [ROW.content[0], "The ferry costs $4.1 million a year.", ROW.content[2]]
    new = ROW._replace(content=content)
    assert list(changes(ROW, new)) == [
        Change("content", "The ferry costs", "$3.5", "$4.1", "million a year.")
    ]


def test_what_was_added_or_taken_away_as_a_whole_is_a_change() -> None:
    new = ROW._replace(published_at="2025-06-03T08:00:00.000000Z", authors=[])
    assert [change[:4] for change in changes(ROW, new)] == [
        ("published_at", "", "", "2025-06-03T08:00:00.000000Z"),
        ("authors", "", "Ida Brandt", ""),
    ]


def test_another_division_into_blocks_is_none() -> None:
    new = ROW._replace(revision="cd", content=[" ".join(ROW.content[:2]), ROW.content[2]])
    assert list(changes(ROW, new)) == []


WORDS = st.lists(st.sampled_from(["the", "ferry", "stays", "costs", "is", "not."]), max_size=12)


@given(WORDS, WORDS)
def test_removed_and_added_words_account_for_all_that_differs(
    old: list[str], new: list[str]
) -> None:
    rows = [ROW._replace(content=[" ".join(words)]) for words in (old, new)]
    found = list(changes(*rows))
    removed = sum(len(change.removed.split()) for change in found)
    added = sum(len(change.added.split()) for change in found)
    assert len(old) - removed == len(new) - added
    assert (old == new) == (not found)
