"""A parser that has a name over a restart, and comes back in time, moves no partition."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.errors import GroupCoordinatorNotAvailableError

from copydesk.topics import topics
from tests.kafka.conftest import World, administration
from tests.pipeline import COPYDESK, environment

Shares = dict[str, frozenset[int]]
"""The partitions of each member, by its id."""


class Parsers(NamedTuple):
    """Starts parsers under a prefix of their own; each ends with the test."""

    world: World
    folder: Path
    stack: ExitStack

    def start(self, instance: str) -> subprocess.Popen[bytes]:
        env = environment() | {
            "COPYDESK_TRANSPORT": self.world.address,
            "COPYDESK_PREFIX": self.world.prefix,
            "COPYDESK_INBOX": str(self.folder / "inbox"),
            "COPYDESK_DATA": str(self.folder / "data"),
            "COPYDESK_INSTANCE": instance,
            "COPYDESK_PORT": "0",
        }
        log = self.stack.enter_context((self.folder / "log").open("ab"))
        process = subprocess.Popen([COPYDESK, "parser"], env=env, stdout=log, stderr=log)
        self.stack.callback(process.wait)
        self.stack.callback(process.kill)
        return process


@pytest.fixture
def parsers(world: World, tmp_path: Path) -> Iterator[Parsers]:
    with ExitStack() as stack:
        yield Parsers(world, tmp_path, stack)


async def shares(admin: AIOKafkaAdminClient, group: str) -> Shares | None:
    """Who has what; None while that is being decided."""
    try:
        (answer,) = await admin.describe_consumer_groups([group])
    except GroupCoordinatorNotAvailableError:  # nobody has asked for it yet
        return None
    ((_, _, state, _, _, members, *_),) = answer.groups
    if state != "Stable":
        return None
    decode = ConsumerProtocolMemberAssignment.decode
    return {
        member[0]: frozenset(n for _, numbers in decode(member[-1]).assignment for n in numbers)
        for member in members
    }


async def test_a_rolling_restart_moves_no_partition(world: World, parsers: Parsers) -> None:
    group = f"{world.prefix}.parser.raw"
    async with world.open() as log, administration(world) as admin:
        await log.ensure(topics(world.prefix, 4))
        staying, leaving = parsers.start("desk-1"), parsers.start("desk-2")
        deadline = time.monotonic() + 60
        while len(before := await shares(admin, group) or {}) < 2 or not all(before.values()):
            assert time.monotonic() < deadline, (parsers.folder / "log").read_text()
        leaving.terminate()
        assert leaving.wait(30) == 0
        assert await shares(admin, group) == before
        parsers.start("desk-2")
        while (after := await shares(admin, group)) == before:
            assert time.monotonic() < deadline, (parsers.folder / "log").read_text()
        assert after is not None, "the group was asked to share anew"
        assert len(before.keys() & after.keys()) == 1
        (stayed,) = before.keys() & after.keys()
        assert after[stayed] == before[stayed]
        assert sorted(map(sorted, after.values())) == sorted(map(sorted, before.values()))
        assert staying.poll() is None
