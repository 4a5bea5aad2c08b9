"""The log between the services. `api.py` is all that the services know of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from copydesk.errors import Unusable
from copydesk.transport.api import Topic, Transport


def open_transport(
    address: str, topics: Sequence[Topic], *, read_only: bool = False
) -> AbstractAsyncContextManager[Transport]:
    """The log at `address` (`sqlite:///relative/path`, `sqlite:////absolute/path`).

    Read-only it may be opened beside the one process that writes it. Raises Unusable.
    """
    scheme, _, rest = address.partition("://")
    if scheme != "sqlite" or not rest.startswith("/") or rest == "/":
        raise Unusable(f"no transport is known for {address!r}; use sqlite:///PATH")
    from copydesk.transport import sqlite  # noqa: PLC0415 -- only what is chosen is imported

    path = Path(rest[1:])
    return sqlite.open_log_to_read(path) if read_only else sqlite.open_log(path, topics)
