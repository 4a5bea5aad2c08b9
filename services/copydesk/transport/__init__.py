"""The log between the services. `api.py` is all that the services know of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from copydesk.errors import Unusable
from copydesk.transport.api import Topic, Transport
from copydesk.transport.security import OPEN, Security


def open_transport(
    address: str,
    topics: Sequence[Topic],
    *,
    prefix: str = "articles",
    instance: str | None = None,
    security: Security = OPEN,
    read_only: bool = False,
) -> AbstractAsyncContextManager[Transport]:
    """The log at `address`. Raises Unusable.

    `sqlite:///relative/path`, `sqlite:////absolute/path`: read-only it may be opened beside the one
    process that writes it. `kafka://HOST:PORT,HOST:PORT`: `prefix` begins the names of groups and
    transactional ids, `instance` is a name that this process keeps over a restart, if it has one,
    and `security` says how to speak to the brokers.
    """
    scheme, _, rest = address.partition("://")
    if scheme == "kafka":
        from copydesk.transport import kafka  # noqa: PLC0415 -- only what is chosen is imported

        return kafka.open_log(address, topics, prefix=prefix, instance=instance, security=security)
    if scheme != "sqlite" or not rest.startswith("/") or rest == "/":
        raise Unusable(
            f"no transport is known for {address!r}; use sqlite:///PATH or kafka://HOST:PORT"
        )
    from copydesk.transport import sqlite  # noqa: PLC0415 -- only what is chosen is imported

    path = Path(rest[1:])
    return sqlite.open_log_to_read(path) if read_only else sqlite.open_log(path, topics)
