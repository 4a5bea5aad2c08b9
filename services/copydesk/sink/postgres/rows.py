"""Between the messages' values and the tables': uuid, timestamptz and date are text in messages.

A row is a tuple in the order of its table's columns, as the table's own type takes it. What cannot
be turned into a row and back unchanged is Refused: rows are compared with events as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from copydesk.errors import Refused
from copydesk.sink.event import Event
from copydesk.sink.plan import Body, Move
from copydesk.sink.precedence import Order, State
from copydesk.sink.store import Disposed, Observed, RejectedFile, Settled
from copydesk_schemas.messages import Rejection

if TYPE_CHECKING:
    import asyncpg

Row = tuple[object, ...]

ORDER_COLUMNS = ("current", "last_observed_at", "last_parser_generation", "last_version_id")
EVENT_COLUMNS = Event._fields[2:-1]
"""All but the key and `closed_at`, which is the file's."""
REVISION_COLUMNS = ("article_id", "revision", *ORDER_COLUMNS, *EVENT_COLUMNS)

_NOTHING = (None,) * len(EVENT_COLUMNS)
_PUBLISHED = Event._fields.index("published_date")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
_TIME_LENGTH = len("2025-01-10T08:30:00.000000Z")


def lock_keys(events: Iterable[Event]) -> list[int]:
    """The locks of the articles of `events`, sorted: the id's first 64 bits, as a signed number.

    Two articles that have one in common wait for each other, and nothing else comes of it.
    """
    ids = {event.article_id for event in events}
    return sorted(int(some[:8] + some[9:13] + some[14:18], 16) - (1 << 63) for some in ids)


def check_ids(events: Iterable[Event]) -> None:
    """Raise Refused where an article or a version has no id of ours."""
    for event in events:
        checked_id(event.article_id)
        checked_id(event.source_version_id)


def revision_of_body(body: Body) -> Row:
    """A row of `revisions`, complete."""
    event = body.event
    published_at = event.published_at
    return (
        *_key_and_order(event.article_id, body.state, current=body.current),
        moment(event.source_observed_at),
        *event[3:_PUBLISHED],
        _day(event.published_date),
        None if published_at is None else moment(published_at),
        *event[_PUBLISHED + 2 : -1],
    )


def revision_of_move(move: Move) -> Row:
    """A row of `revisions` that has only what a move changes, and the key."""
    return (*_key_and_order(move.article_id, move.state, current=move.current), *_NOTHING)


def state_of(row: asyncpg.Record) -> State:
    """The state that a row of `revisions` tells of; its ids are text."""
    revision = row["revision"]
    return State(
        Order(
            text_of(row["source_observed_at"]),
            row["parser_generation"],
            revision,
            row["source_version_id"],
        ),
        Order(
            text_of(row["last_observed_at"]),
            row["last_parser_generation"],
            revision,
            row["last_version_id"],
        ),
    )


def settled_of(row: asyncpg.Record) -> Settled:
    """The answer that a row of `files` keeps; its ids are text."""
    return Settled(
        row["version_id"],
        row["outcome"],
        text_of(row["settled_at"]),
        row["article_id"],
        row["revision"],
        _rejection(row),
        fresh=False,
    )


def _rejection(row: asyncpg.Record) -> Rejection | None:
    if row["code"] is None:
        return None
    return {
        "code": row["code"],
        "reason": row["reason"],
        "field": row["field"],
        "line": row["line"],
    }


def file_settled(event: Event, answer: Settled) -> Row:
    """A row of `files` for a version that is settled now."""
    return (
        event.source_version_id,
        event.source_inbox,
        event.source_path,
        event.source_bytes,
        event.source_sha256,
        moment(event.closed_at),
        moment(event.source_observed_at),
        answer.outcome,
        *_NOTHING[:4],
        event.article_id,
        event.revision,
        moment(answer.at),
        *_NOTHING[:3],
    )


def files_noted(
    observed: Iterable[Observed], rejected: Iterable[RejectedFile], disposed: Iterable[Disposed]
) -> list[Row]:
    """Rows of `files` for all that is noted, one a version, sorted by it. The first note stays."""
    rows: dict[str, Row] = {}
    for row in chain(
        map(_file_observed, observed), map(_file_rejected, rejected), map(_file_disposed, disposed)
    ):
        version_id = checked_id(str(row[0]))
        known = rows.get(version_id)
        rows[version_id] = row if known is None else _merged(known, row)
    return [rows[version_id] for version_id in sorted(rows)]


def _file_observed(note: Observed) -> Row:
    times = moment(note.closed_at), moment(note.observed_at)
    return (*note[:5], *times, *_NOTHING[:11])


def _file_rejected(note: RejectedFile) -> Row:
    return (
        *note[:3],
        *_NOTHING[:4],
        "rejected",
        *note[4:],
        *_NOTHING[:2],
        moment(note.at),
        *_NOTHING[:3],
    )


def _file_disposed(note: Disposed) -> Row:
    return (*note[:3], *_NOTHING[:12], *note[3:5], moment(note.at))


def _merged(known: Row, row: Row) -> Row:
    return tuple(new if old is None else old for old, new in zip(known, row, strict=True))


def _key_and_order(article_id: str, state: State, *, current: bool) -> Row:
    last = state.last
    return (
        article_id,
        state.revision,
        current,
        moment(last.observed_at),
        last.generation,
        last.version_id,
    )


def is_id(text: str) -> bool:
    """Whether `text` is a UUID as copydesk writes it."""
    return _UUID(text) is not None


def checked_id(text: str) -> str:
    """`text`, if it is a UUID as copydesk writes it. Raises Refused."""
    if _UUID(text) is None:
        raise Refused(f"{text!r} is no UUID in lower case")
    return text


@lru_cache(1024)
def moment(text: str) -> datetime:
    """The time that `text` tells as messages do. Raises Refused."""
    try:
        if len(text) == _TIME_LENGTH and text.endswith("Z"):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise Refused(f"{text!r} is no time in UTC with six decimals")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text!r} is no date") from None


def text_of(time: datetime) -> str:
    """A time of the database as messages tell it."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
