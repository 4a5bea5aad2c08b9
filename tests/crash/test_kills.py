"""kill -9 at any instant under load: nothing lost, nothing twice, nothing moved unread."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from copydesk.topics import topics
from tests.crash import die_at
from tests.crash.judge import read_log, settled, verdict
from tests.crash.load import Load
from tests.pipeline import Pipeline

FILES_A_KILL = 100
PASSINGS = 3
"""The watcher's first two messages are about itself; the third time each point is at work."""
LONGEST_LIFE = 3.0
"""Seconds. It starts in about one, so a third of the kills hit a pipeline that is starting."""


@pytest.mark.slow
@pytest.mark.timeout(0)
async def test_any_number_of_kills_loses_and_doubles_nothing(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    kills = pytestconfig.getoption("--kills")
    dice = random.Random(kills)  # noqa: S311 -- repeatable on purpose
    pipeline = Pipeline(tmp_path, "--scan-seconds", "1")
    load = Load(pipeline.inbox, dice)
    for _ in range(kills):
        live_under_load(pipeline, load, dice)
    finish(pipeline, load)
    assert verdict(load, pipeline, await read_log(log_of(pipeline), topics())) == []


@pytest.mark.parametrize("point", die_at.POINTS)
async def test_a_kill_at_this_very_point_loses_and_doubles_nothing(
    tmp_path: Path, point: str
) -> None:
    pipeline = Pipeline(tmp_path, "--scan-seconds", "1")
    load = Load(pipeline.inbox, random.Random(point))  # noqa: S311 -- repeatable on purpose
    process = pipeline.start(sys.executable, die_at.__file__, point, str(PASSINGS))
    while process.poll() is None:
        load.step()
        let_run(process, 0.02)
    assert process.returncode == -signal.SIGKILL, pipeline.said()
    finish(pipeline, load)
    assert verdict(load, pipeline, await read_log(log_of(pipeline), topics())) == []


def log_of(pipeline: Pipeline) -> str:
    """The address of its log."""
    return f"sqlite:///{pipeline.data}/log.db"


def live_under_load(pipeline: Pipeline, load: Load, dice: random.Random) -> None:
    """Start the pipeline, put files there at random instants of its life, and kill it."""
    life = dice.uniform(0, LONGEST_LIFE)
    process = pipeline.start()
    for _ in range(FILES_A_KILL):
        let_run(process, dice.expovariate(FILES_A_KILL / life))
        load.step()
    assert process.poll() is None, f"it ended by itself: {pipeline.said()[-3000:]}"
    pipeline.kill()
    for _ in range(FILES_A_KILL // 20):  # while nobody watches
        load.step()


def let_run(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Give the pipeline `seconds`, fewer if it ends before."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def finish(pipeline: Pipeline, load: Load) -> None:
    """Let the pipeline work off what is left, and end it."""
    pipeline.start()
    pipeline.until(lambda: settled(load, pipeline), "an empty inbox", 120)
    pipeline.until(
        lambda: "in flight" not in pipeline.outcomes(), "an outcome for each version", 60
    )
    assert pipeline.stop() == 0
