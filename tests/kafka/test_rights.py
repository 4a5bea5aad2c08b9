"""Each role, given the rights that `copydesk topics --acl` prints and no other, does its work."""

from __future__ import annotations

import asyncio
import json
import shlex
import subprocess
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest

from copydesk.rights import EVERYONE
from tests.kafka.secured import PASSWORD, Secured, secured_broker
from tests.pipeline import COPYDESK, EXAMPLES, environment
from tests.servers import NoServer, missing

SERVICES: Final = ("watcher", "parser", "sink")
KINDS: Final = {"topic": 2, "group": 3, "transactional_id": 5}
OPERATIONS: Final = {
    "Read": 3,
    "Write": 4,
    "Create": 5,
    "Alter": 7,
    "Describe": 8,
    "DescribeConfigs": 10,
    "AlterConfigs": 11,
}
PATTERNS: Final = {"literal": 3, "prefixed": 4}
ALLOW: Final = 3
"""The numbers of Kafka's protocol."""


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A broker that lets nobody do what he was not allowed to; on its plain listener, anybody."""
    settings = {
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
        "auto.create.topics.enable": "false",
    }
    users: dict[str, str] = dict.fromkeys(EVERYONE, PASSWORD)
    try:
        with secured_broker(tmp_path_factory.mktemp("strict"), settings, users) as made:
            yield made
    except NoServer as reason:
        missing(reason)


class Desk:
    """A pipeline whose every role is a user of its own."""

    def __init__(self, broker: Secured, home: Path) -> None:
        self.home = home
        self.inbox = home / "inbox"
        self._environment = environment() | {
            "COPYDESK_TRANSPORT": broker.at("SASL"),
            "COPYDESK_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
            "COPYDESK_KAFKA_SASL_MECHANISM": "SCRAM-SHA-256",
            "COPYDESK_KAFKA_SASL_PASSWORD": PASSWORD,
            "COPYDESK_INBOX": str(self.inbox),
            "COPYDESK_DATA": str(home / "data"),
            "COPYDESK_PARTITIONS": "2",
            "COPYDESK_PORT": "0",
        }

    def environment(self, user: str) -> dict[str, str]:
        return self._environment | {"COPYDESK_KAFKA_SASL_USERNAME": user}

    def run(self, user: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of that user's that has ended."""
        return subprocess.run(
            [COPYDESK, *arguments],
            env=self.environment(user),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self, stack: ExitStack, role: str, user: str) -> subprocess.Popen[bytes]:
        """A service; what it says goes to `said(role)`."""
        log = stack.enter_context((self.home / f"{role}.log").open("wb"))
        env = self.environment(user)
        process = subprocess.Popen([COPYDESK, role], env=env, stdout=log, stderr=log)
        stack.callback(process.wait)
        stack.callback(process.kill)
        return process

    def said(self, role: str) -> str:
        return (self.home / f"{role}.log").read_text("utf-8")


async def give(broker: Secured, printed: str) -> None:
    """Do what kafka-acls would with these lines of arguments."""
    parser = ArgumentParser()
    parser.add_argument("--add", action="store_true", required=True)
    parser.add_argument("--allow-principal", required=True)
    parser.add_argument("--resource-pattern-type", default="literal")
    for name in ("operation", "topic", "group", "transactional-id"):
        parser.add_argument(f"--{name}", action="append", default=[])
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.broker.at("PLAINTEXT"))
    await admin.start()
    try:
        for line in printed.splitlines():
            given = parser.parse_args(shlex.split(line))
            for kind, number in KINDS.items():
                for name in getattr(given, kind):
                    for operation in given.operation:
                        request = CreateAclsRequest(
                            number,
                            name,
                            PATTERNS[given.resource_pattern_type],
                            given.allow_principal,
                            "*",
                            OPERATIONS[operation],
                            ALLOW,
                        )
                        answer = await admin._send_request(request)  # noqa: SLF001 -- it has no method for it
                        assert answer.creation_responses[0][0] == 0, answer
    finally:
        await admin.close()


def test_every_role_does_its_work_with_its_own_rights_and_no_other(
    strict: Secured, tmp_path: Path
) -> None:
    desk = Desk(strict, tmp_path)
    refused = desk.run("topics", "topics", "--apply")
    assert refused.returncode == 1
    asyncio.run(give(strict, desk.run("topics", "topics", "--acl").stdout))
    assert desk.run("topics", "topics", "--apply").returncode == 0, refused.stderr
    with ExitStack() as stack:
        running = [desk.start(stack, role, role) for role in SERVICES]
        deadline = time.monotonic() + 60
        while not desk.inbox.exists():
            assert time.monotonic() < deadline, desk.said("watcher")
            time.sleep(0.05)
        for example in sorted(EXAMPLES.iterdir()):
            (desk.inbox / example.name).write_bytes(example.read_bytes())
        whole = {f"done/{e.name}" for e in EXAMPLES.iterdir() if "broken" not in e.name}
        whole |= {"rejected/4-broken.txt", "rejected/4-broken.txt.error.json"}
        while not whole <= {str(p.relative_to(desk.inbox)) for p in desk.inbox.rglob("*.*")}:
            said = "".join(map(desk.said, SERVICES))
            assert time.monotonic() < deadline, said
            assert [process.poll() for process in running] == [None] * 3, said
            time.sleep(0.05)
        counts = json.loads(desk.run("commands", "status", "--json").stdout)
        assert (counts["seen"], sum(counts["in_flight"].values())) == (4, 0), counts
        read = desk.run("commands", "tail", "--from-beginning", "--no-follow")
        assert len(read.stdout.splitlines()) == 3, read.stderr
        traced = desk.run("commands", "trace", "1-ferries.txt")
        assert traced.returncode == 0, traced.stderr
        for process in running:
            process.terminate()
        assert [process.wait(40) for process in running] == [0, 0, 0]
    for role in SERVICES:
        lines = map(json.loads, desk.said(role).splitlines())
        events = {line["event"] for line in lines if line["level"] != "info"}
        assert events <= {"files_rejected"}, desk.said(role)


def test_a_service_without_rights_says_what_it_lacks_and_waits(
    strict: Secured, tmp_path: Path
) -> None:
    desk = Desk(strict, tmp_path)
    with ExitStack() as stack:
        process = desk.start(stack, "parser", "compositor")
        deadline = time.monotonic() + 60
        while "ERROR" not in desk.said("parser").upper():
            assert time.monotonic() < deadline, desk.said("parser")
            assert process.poll() is None
            time.sleep(0.05)
    (line,) = desk.said("parser").splitlines()
    assert "articles.raw" in line
    assert "do not allow it" in line
