"""The log that the settings name."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from copydesk.settings import Settings
from copydesk.topics import Topics, topics
from copydesk.transport import open_transport
from copydesk.transport.api import Transport


def topics_of(settings: Settings) -> Topics:
    """The topics by the names that they have under these settings."""
    return topics(settings.prefix, settings.partitions)


def log_of(
    settings: Settings, *, read_only: bool = False
) -> AbstractAsyncContextManager[Transport]:
    """The log, to be opened. Read-only it is opened beside those who write it."""
    return open_transport(
        settings.transport, topics_of(settings), prefix=settings.prefix, read_only=read_only
    )
