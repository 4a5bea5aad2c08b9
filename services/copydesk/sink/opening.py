"""Which storage an address means."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path

from copydesk.errors import Unusable
from copydesk.sink.store import Archive, Store

_POSTGRES = "postgresql://"


def open_store(address: str, password: str | None = None) -> AbstractAsyncContextManager[Store]:
    """The storage at `address`, made or brought up to date where necessary.

    `sqlite:///PATH`, or `postgresql://…` as libpq reads it; `password` goes before the one in the
    address, and has no use for a file. Entering it raises Unusable where it
    cannot be used, Locked where another process writes it and only one may.
    """
    if address.startswith(_POSTGRES):
        from copydesk.sink.postgres.store import open_postgres_store  # noqa: PLC0415 -- see below

        return open_postgres_store(address, password)
    from copydesk.sink.sqlite.store import open_sqlite_store  # noqa: PLC0415 -- only what is chosen

    return open_sqlite_store(_sqlite_path(address))


def open_archive(address: str, password: str | None = None) -> AbstractAsyncContextManager[Archive]:
    """The storage at `address`, to be read. Entering it raises Unusable where there is none."""
    if address.startswith(_POSTGRES):
        from copydesk.sink.postgres import archive  # noqa: PLC0415 -- see above

        return archive.open_postgres_archive(address, password)
    from copydesk.sink.sqlite.archive import open_sqlite_archive  # noqa: PLC0415 -- see above

    return open_sqlite_archive(_sqlite_path(address))


def _sqlite_path(address: str) -> Path:
    scheme, _, rest = address.partition("://")
    if scheme != "sqlite" or not rest.startswith("/") or rest == "/":
        # Not shown: what was meant for another store may have a password in it.
        raise Unusable("no such store is known; use sqlite:///PATH or postgresql://HOST/DATABASE")
    return Path(rest[1:])
