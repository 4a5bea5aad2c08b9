"""Exactly once, whatever is killed."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from copydesk.transport import open_transport

TOTAL = 20_000
KILLS = 12
COPIER = Path(__file__).with_name("copier.py")


# ruff: noqa: ASYNC220 -- nothing else runs in this loop meanwhile


async def test_what_a_killed_process_copied_is_neither_lost_nor_doubled(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'log.db'}"
    command = [sys.executable, str(COPIER), address, str(TOTAL)]
    chance = random.Random(7)  # noqa: S311 -- no secret
    for round_ in range(KILLS + 1):
        until = TOTAL if round_ == KILLS else round_ * TOTAL // KILLS + chance.randrange(900)
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if int(line) >= until:
                    break
            process.kill()
    async with open_transport(address, (), read_only=True) as log:
        for topic in ("in", "out"):
            found = [
                int(record.value or b"-1")
                async for records in log.read(topic, "first", follow=False)
                for record in records
            ]
            assert found == list(range(TOTAL))
