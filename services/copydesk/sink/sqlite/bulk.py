"""Many rows in few statements.

Each statement hands the interpreter lock over and may wait a switch interval (5 ms) until a busy
parser gives it back: with a statement a row that wait is a row's. So rows go by hundreds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache

from copydesk.sink.event import Json

MOST_ROWS = 256
"""In a statement. Powers of two below it, so that few statements are ever prepared and kept."""

Value = str | int | Json | None


def execute(
    connection: sqlite3.Connection, statement: str, rows: Sequence[Sequence[Value]]
) -> None:
    """Run `statement`, whose `{rows}` stands for the rows' `VALUES`, for all `rows`."""
    done = 0
    while done < len(rows):
        size = min(MOST_ROWS, 1 << ((len(rows) - done).bit_length() - 1))
        values = [value for row in rows[done : done + size] for value in row]
        connection.execute(_filled(statement, size, len(rows[0])), values)
        done += size


@cache
def _filled(statement: str, rows: int, columns: int) -> str:
    row = "(" + ",".join("?" * columns) + ")"
    return statement.replace("{rows}", "VALUES " + ",".join([row] * rows))
