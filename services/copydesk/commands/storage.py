"""The storage that the settings name."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from copydesk.settings import Settings
from copydesk.sink.opening import open_archive, open_store
from copydesk.sink.store import Archive, Store


def store_of(settings: Settings) -> AbstractAsyncContextManager[Store]:
    """The storage, to be opened for writing."""
    return open_store(settings.store, settings.store_password.reveal() or None)


def archive_of(settings: Settings) -> AbstractAsyncContextManager[Archive]:
    """The storage, to be opened for reading."""
    return open_archive(settings.store, settings.store_password.reveal() or None)
