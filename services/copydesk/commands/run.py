"""`copydesk run`: the three services in one process; `watcher`, `parser`, `sink`: one of them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack

from rich.console import Console

from copydesk.commands import live
from copydesk.commands.inbox import watcher_options
from copydesk.commands.log import log_of, topics_of
from copydesk.commands.measures import open_measures
from copydesk.commands.picture import Facts, last_line
from copydesk.commands.roles import EVERY_ROLE, Roles, open_stages, stage_names
from copydesk.errors import Unusable
from copydesk.http.app import make_app
from copydesk.http.server import address, bind, serve
from copydesk.loading import Loaded
from copydesk.lock import Locked
from copydesk.loop.outage import Outage
from copydesk.loop.run import run_stage
from copydesk.memory import seldom_look_for_cycles, share_one_arena
from copydesk.settings import Settings, masked
from copydesk.telemetry.logs import Log, open_log
from copydesk.telemetry.measuring import keep_measuring
from copydesk.telemetry.metrics import Registry, new_registry
from copydesk.telemetry.occurrences import Telemetry
from copydesk.topics import Topics
from copydesk.transport.api import Difference, Replaced, Transport, TransportError
from copydesk.watcher.service import watch

_SHOW_CURSOR = b"\x1b[?25h"


def run(loaded: Loaded, roles: Roles = EVERY_ROLE) -> int:
    """Run `roles` until a signal comes. The exit status.

    Raises Unusable where the work cannot be done, Locked and Replaced where another does it.
    """
    settings = loaded.settings
    _demand_kafka(settings, roles)
    _prepare_folders(settings)
    share_one_arena()
    shown = settings.log_format == "auto" and sys.stdout.isatty()
    registry = new_registry()
    telemetry = Telemetry(registry, _open_log(settings, shown=shown), stage_names(roles))
    for name, nearest in loaded.unknown:
        telemetry.setting_unknown(name, nearest)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_run(settings, roles, registry, telemetry, shown=shown))
    except (Unusable, Locked, Replaced):
        raise
    except Exception as error:  # noqa: BLE001 -- a bug of ours ends the process, and is told as all else
        telemetry.service_failed(error)
        return 1
    return 0


async def _run(
    settings: Settings, roles: Roles, registry: Registry, telemetry: Telemetry, *, shown: bool
) -> None:
    stopping = asyncio.Event()
    _obey_signals(stopping, telemetry)
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        transport = await stack.enter_async_context(log_of(settings))
        listening = stack.enter_context(bind(settings.host, settings.port))
        # The pages answer from here on: a start that waits for a server can be seen to wait.
        pages = serve(make_app(registry, telemetry.not_ready), listening, stopping)
        work = _work(
            settings,
            roles,
            transport,
            telemetry=telemetry,
            stopping=stopping,
            url=address(listening),
            shown=shown,
        )
        await _together([pages, work])
    seconds = time.monotonic() - began
    telemetry.service_stopped(seconds)
    if shown:
        sys.stdout.write(last_line(telemetry.snapshot(), seconds) + "\n")


async def _work(
    settings: Settings,
    roles: Roles,
    transport: Transport,
    *,
    telemetry: Telemetry,
    stopping: asyncio.Event,
    url: str,
    shown: bool,
) -> None:
    names = topics_of(settings)
    async with AsyncExitStack() as stack:
        for differing in await ensured(
            transport, names, stage_names(roles)[0], telemetry, stopping
        ):
            telemetry.topic_differs(*differing)
        stages = await open_stages(roles, settings, names, stack)
        measures = await open_measures(
            roles, settings, names, transport, telemetry=telemetry, stack=stack
        )
        telemetry.service_started(
            str(settings.inbox), masked(settings.transport), masked(settings.store), url
        )
        seldom_look_for_cycles()
        work = [
            *(run_stage(transport, stage, telemetry, stopping) for stage in stages),
            keep_measuring(measures, telemetry, stopping),
        ]
        if "watcher" in roles:
            work.append(watch(transport, names, watcher_options(settings), telemetry, stopping))
        if shown:
            facts = Facts(str(settings.inbox), masked(settings.store), url)
            work.append(live.show(Console(), facts, telemetry.snapshot, stopping))
        await _together(work)


async def ensured(
    transport: Transport, names: Topics, stage: str, telemetry: Telemetry, stopping: asyncio.Event
) -> Sequence[Difference]:
    """How the topics differ from what they should be, once they are there.

    An outage of the log is waited out; it is told as one of `stage`.
    """
    outage = Outage(stage, telemetry, stopping)
    while not stopping.is_set():
        try:
            return await transport.ensure(names)
        except TransportError as error:
            await outage.wait(error)
    return ()


async def _together(work: Sequence[Coroutine[None, None, None]]) -> None:
    """Run all until each ends. What one cannot go on without ends the others, and is raised."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for one in work:
                tasks.create_task(one)
    except ExceptionGroup as group:
        raise _foreseen(group) from None


def _foreseen(group: ExceptionGroup[Exception]) -> Exception:
    """The first in `group` that the command line can put in a line, or the whole of it."""
    error: Exception = group.subgroup((Unusable, Replaced)) or group
    while isinstance(error, ExceptionGroup) and error is not group:
        error = error.exceptions[0]
    return error


def _obey_signals(stopping: asyncio.Event, telemetry: Telemetry) -> None:
    """Let SIGINT and SIGTERM stop the process: the first in order, the second at once."""
    loop = asyncio.get_running_loop()

    def obey(number: signal.Signals) -> None:
        if stopping.is_set():
            if sys.stdout.isatty():
                os.write(sys.stdout.fileno(), _SHOW_CURSOR)
            os._exit(128 + number)
        telemetry.service_stopping(number.name)
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, obey, number)


def _open_log(settings: Settings, *, shown: bool) -> Log:
    # The live view shows what INFO says.
    quiet = shown and settings.log_level == "info"
    return open_log(
        level="warning" if quiet else settings.log_level,
        form=settings.log_format,
        service="copydesk",
        instance=settings.instance or f"{socket.gethostname()}:{os.getpid()}",
    )


def _demand_kafka(settings: Settings, roles: Roles) -> None:
    if set(roles) != set(EVERY_ROLE) and settings.transport.startswith("sqlite:"):
        raise Unusable(
            f"a {' and '.join(roles)} alone needs Kafka: one process writes a SQLite log; use"
            " `copydesk run`, or name a Kafka with --transport kafka://HOST:PORT"
        )


def _prepare_folders(settings: Settings) -> None:
    if settings.data.resolve().is_relative_to(settings.inbox.resolve()):
        raise Unusable(
            f"the data folder {settings.data} lies in the inbox {settings.inbox}, where its files "
            "would be taken for articles; choose another with --data"
        )
    for name, folder in (("inbox", settings.inbox), ("data", settings.data)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unusable(
                f"cannot make the folder {folder}: {error.strerror}; choose another with --{name}"
            ) from error


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 -- where it exists
    except ImportError:
        return None
    return uvloop.new_event_loop
