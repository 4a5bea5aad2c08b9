"""kill -9 at any instant under load: nothing lost, nothing twice, nothing moved unread."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from tests.crash.judge import read_log, settled, verdict
from tests.crash.load import Load
from tests.pipeline import Pipeline, wait_until

FILES_A_KILL = 100
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
    assert verdict(load, pipeline, await read_log(pipeline.data)) == []


def live_under_load(pipeline: Pipeline, load: Load, dice: random.Random) -> None:
    """Start the pipeline, put files there at random instants of its life, and kill it."""
    life = dice.uniform(0, LONGEST_LIFE)
    process = pipeline.start()
    for _ in range(FILES_A_KILL):
        let_run(pipeline, process, dice.expovariate(FILES_A_KILL / life))
        load.step()
    pipeline.kill()
    for _ in range(FILES_A_KILL // 20):  # while nobody watches
        load.step()


def let_run(pipeline: Pipeline, process: subprocess.Popen[bytes], seconds: float) -> None:
    """Give the pipeline `seconds`; it must not end by itself."""
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
    pytest.fail(f"it ended with status {status}: {pipeline.said()[-2000:]}")


def finish(pipeline: Pipeline, load: Load) -> None:
    """Let the pipeline work off what is left, and end it."""
    pipeline.start()
    wait_until(lambda: settled(load, pipeline), "an empty inbox", 120)
    wait_until(lambda: "in flight" not in pipeline.outcomes(), "an outcome for each version", 60)
    assert pipeline.stop() == 0
