"""What each role must be allowed on a Kafka that asks, and nothing more.

Reading and writing include describing. Every service describes all topics at its start; whoever
measures lag asks for other groups' positions, and looks at the record that comes next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from copydesk.topics import PARSER_GROUP, SINK_GROUP, Topics
from copydesk.transport.kafka.names import group_id, publisher_id

Kind = Literal["topic", "group", "transactional-id"]
Who = Literal["watcher", "parser", "sink", "commands", "topics"]

EVERYONE: Final[tuple[Who, ...]] = ("watcher", "parser", "sink", "commands", "topics")
"""The roles; `commands` are tail, trace and status, `topics` is `copydesk topics --apply`."""

_READ: Final = ("Read",)
_WRITE: Final = ("Write",)
_BOTH: Final = ("Read", "Write")
_DESCRIBE: Final = ("Describe",)
_LOOK: Final = ("Describe", "DescribeConfigs")
_KEEP: Final = ("Create", "Describe", "DescribeConfigs", "Alter", "AlterConfigs")


class Right(NamedTuple):
    """One role may do `operations` to what has one of these names, or begins with it."""

    role: Who
    kind: Kind
    names: Sequence[str]
    operations: Sequence[str]
    prefixed: bool = False


def rights(prefix: str, names: Topics) -> list[Right]:
    """Every right under `prefix`, the roles one after the other."""
    raw, normalized, rejected, receipts, ledger = (topic.name for topic in names)
    every = [topic.name for topic in names]
    parsing = group_id(prefix, raw, PARSER_GROUP)
    articles, outcomes, files = (
        group_id(prefix, topic, SINK_GROUP) for topic in (normalized, receipts, ledger)
    )
    return [
        Right("watcher", "topic", every, _LOOK),
        Right("watcher", "topic", [raw, ledger, receipts], _BOTH),
        Right("watcher", "topic", [rejected], _WRITE),
        Right("watcher", "group", [parsing, files, outcomes], _DESCRIBE),
        Right(
            "watcher", "transactional-id", [publisher_id(prefix, "watcher.")], _WRITE, prefixed=True
        ),
        Right("parser", "topic", every, _LOOK),
        Right("parser", "topic", [raw], _READ),
        Right("parser", "topic", [normalized, receipts], _BOTH),
        Right("parser", "topic", [rejected], _WRITE),
        Right("parser", "group", [parsing], _READ),
        Right("parser", "group", [articles, outcomes], _DESCRIBE),
        Right("parser", "transactional-id", [f"{parsing}."], _WRITE, prefixed=True),
        Right("sink", "topic", every, _LOOK),
        Right("sink", "topic", [normalized, ledger], _READ),
        Right("sink", "topic", [receipts], _BOTH),
        Right("sink", "topic", [rejected], _WRITE),
        Right("sink", "group", [articles, outcomes, files], _READ),
        Right("sink", "transactional-id", [f"{prefix}.{SINK_GROUP}."], _WRITE, prefixed=True),
        Right("commands", "topic", [raw, normalized, receipts, ledger], _READ),
        Right("commands", "group", [parsing, articles, outcomes, files], _DESCRIBE),
        Right("topics", "topic", every, _KEEP),
    ]


def as_arguments(right: Right) -> str:
    """The arguments of kafka-acls that give `right` to a user who is called as the role."""
    return " ".join(_arguments(right))


def _arguments(right: Right) -> Iterator[str]:
    yield f"--add --allow-principal User:{right.role}"
    yield from (f"--operation {operation}" for operation in right.operations)
    yield from (f"--{right.kind} {name}" for name in right.names)
    if right.prefixed:
        yield "--resource-pattern-type prefixed"
