"""What a process measures, by its roles: of the topics, that is what it writes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack

from copydesk.commands.roles import Role, Roles, readers
from copydesk.commands.storage import archive_of
from copydesk.settings import Settings
from copydesk.telemetry.measuring import Measurement, in_flight_of, lag_of, room_of, sizes_of
from copydesk.telemetry.metrics import Folder
from copydesk.telemetry.occurrences import Telemetry
from copydesk.topics import Topics
from copydesk.transport.api import Topic, Transport


async def open_measures(
    roles: Roles,
    settings: Settings,
    names: Topics,
    transport: Transport,
    *,
    telemetry: Telemetry,
    stack: AsyncExitStack,
) -> Sequence[Measurement]:
    """The measurements, and on `stack` what they ask. The storage must be there already."""
    measures = [
        lag_of(transport, readers(roles, names), telemetry),
        sizes_of(transport, _written(roles, names), telemetry),
        room_of(_folders(roles, settings), telemetry),
    ]
    if "sink" in roles:
        archive = await stack.enter_async_context(archive_of(settings))
        measures.append(in_flight_of(archive.in_flight, telemetry))
    return measures


def _written(roles: Roles, names: Topics) -> Sequence[Topic]:
    of_role: dict[Role, Sequence[Topic]] = {
        "watcher": (names.raw, names.ledger),
        "parser": (names.normalized, names.rejected),
        "sink": (names.receipts,),
    }
    return [topic for role, topics in of_role.items() if role in roles for topic in topics]


def _folders(roles: Roles, settings: Settings) -> dict[Folder, str]:
    folders: dict[Folder, str] = {}
    if "watcher" in roles:
        folders["inbox"] = str(settings.inbox)
    if settings.transport.startswith("sqlite:") or settings.store.startswith("sqlite:"):
        folders["data"] = str(settings.data)
    return folders
