"""`copydesk`, which kills itself at a named point: `die_at.py POINT TIMES run …`.

The points are put around functions of the program from outside; the program knows of none of them.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any, Literal, NamedTuple

from copydesk.commands.app import main
from copydesk.topics import topics


class Point(NamedTuple):
    """Before or after a call of `function`, whose arguments `counts` may look at."""

    module: str
    function: str
    when: Literal["before", "after"]
    counts: Callable[..., bool] = lambda *_: True


def _reads(topic: str) -> Callable[..., bool]:
    return lambda _, batch, *__: batch.topic == topic


NAMES = topics()
LOG, SUBSCRIPTION = "copydesk.transport.sqlite.log", "copydesk.transport.sqlite.subscription"
COMMIT = "SqliteSubscription.commit"
DISPOSAL, PLACES = "copydesk.watcher.disposal", "copydesk.watcher.places"

POINTS = {
    "a file is read and not published": Point(LOG, "SqlitePublisher.publish", "before"),
    "a version is published": Point(LOG, "SqlitePublisher.publish", "after"),
    "a transaction is not committed": Point("copydesk.sqlite.writer", "_run_alone", "after"),
    "a batch is parsed": Point(SUBSCRIPTION, COMMIT, "before", _reads(NAMES.raw.name)),
    "a batch of events is published": Point(SUBSCRIPTION, COMMIT, "after", _reads(NAMES.raw.name)),
    "rows are stored, their receipts are not published": Point(
        SUBSCRIPTION, COMMIT, "before", _reads(NAMES.normalized.name)
    ),
    "receipts are published": Point(SUBSCRIPTION, COMMIT, "after", _reads(NAMES.normalized.name)),
    "a file is in staging": Point(DISPOSAL, "Disposer._dispose_staged", "before"),
    "an explanation has no file yet": Point(PLACES, "_explain", "after"),
    "a file has two names": Point("os", "link", "after"),
    "a file is moved and not forgotten": Point(DISPOSAL, "Disposer.dispose", "after"),
}


def arm(point: Point, times: int) -> None:
    """Die at the `times`th passing of `point`."""
    module = importlib.import_module(point.module)
    *owners, name = point.function.split(".")
    owner: Any = functools.reduce(getattr, owners, module)
    function = getattr(owner, name)
    passed = count(1)

    def pass_by(when: str, *args: Any) -> None:
        if when == point.when and point.counts(*args) and next(passed) == times:
            os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        pass_by("before", *args)
        result = function(*args, **kwargs)
        pass_by("after", *args)
        return result

    @functools.wraps(function)
    async def call_and_wait(*args: Any, **kwargs: Any) -> Any:
        pass_by("before", *args)
        result = await function(*args, **kwargs)
        pass_by("after", *args)
        return result

    setattr(owner, name, call_and_wait if inspect.iscoroutinefunction(function) else call)


if __name__ == "__main__":
    arm(POINTS[sys.argv[1]], int(sys.argv[2]))
    del sys.argv[1:3]
    main()
