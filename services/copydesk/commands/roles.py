"""The three roles, and what a process that has some of them runs and measures."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AsyncExitStack
from typing import Final, Literal

from copydesk.commands.storage import store_of
from copydesk.loop.stage import Stage
from copydesk.parser.process import AT_ONCE, parser_process
from copydesk.parser.rejections import make_give_up
from copydesk.settings import Settings
from copydesk.sink.step import stages as sink_stages
from copydesk.telemetry.measuring import Reader
from copydesk.topics import PARSER_GROUP, SINK_GROUP, Topics

Role = Literal["watcher", "parser", "sink"]
Roles = Collection[Role]

EVERY_ROLE: Final[tuple[Role, ...]] = ("watcher", "parser", "sink")
_STAGES: Final[dict[Role, tuple[str, ...]]] = {
    "watcher": ("watcher",),
    "parser": ("parser",),
    "sink": ("sink", "sink-receipts", "sink-ledger"),
}


def stage_names(roles: Roles) -> list[str]:
    """The metrics' stages of a process with these roles."""
    return [stage for role in EVERY_ROLE if role in roles for stage in _STAGES[role]]


def readers(roles: Roles, names: Topics) -> list[Reader]:
    """The stages that read what these roles write: so lag shows when the reader is down."""
    written: dict[Role, list[Reader]] = {
        "watcher": [
            Reader("parser", names.raw.name, PARSER_GROUP),
            Reader("sink-ledger", names.ledger.name, SINK_GROUP),
        ],
        "parser": [Reader("sink", names.normalized.name, SINK_GROUP)],
        "sink": [],
    }
    receipts = Reader("sink-receipts", names.receipts.name, SINK_GROUP)
    return [*(one for role in EVERY_ROLE if role in roles for one in written[role]), receipts]


async def open_stages(
    roles: Roles, settings: Settings, names: Topics, stack: AsyncExitStack
) -> list[Stage]:
    """The stages of the loop, and on `stack` what they work with. Raises Unusable and Locked."""
    stages: list[Stage] = []
    if "parser" in roles:
        step = await stack.enter_async_context(parser_process(names))
        stages.append(
            Stage(
                "parser", names.raw.name, PARSER_GROUP, step, make_give_up(names), abreast=AT_ONCE
            )
        )
    if "sink" in roles:
        store = await stack.enter_async_context(store_of(settings))
        stages += sink_stages(store, names)
    return stages
