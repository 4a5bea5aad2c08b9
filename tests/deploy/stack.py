"""The compose file's services under a project of their own, as a person brings them up."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.deploy.engine import OURSELVES, ROOT, TAG, docker, said_by, until
from tests.servers import free_port

COMPOSE_FILE: Final = ROOT / "docker-compose.yml"


class Stack:
    """A project that watches `inbox` for files that `owner` drops."""

    def __init__(self, inbox: Path, owner: int = OURSELVES) -> None:
        self.inbox = inbox
        self.project = f"copydesk-{uuid.uuid4().hex[:8]}"
        self.prometheus = free_port()
        self._environ = {
            "COMPOSE_PROFILES": "",  # Grafana's image may not be there
            "COPYDESK_TAG": TAG,
            "INBOX": str(inbox),
            "INBOX_UID": str(owner),
            "INBOX_GID": str(owner),
            "KAFKA_PORT": str(free_port()),
            "PROMETHEUS_PORT": str(self.prometheus),
        }

    def as_told(self, line: str) -> str:
        """What a line of the README writes, said beside the inbox."""
        here = {"COMPOSE_FILE": str(COMPOSE_FILE), "COMPOSE_PROJECT_NAME": self.project}
        return said_by("bash", "-c", line, environ=self._environ | here, folder=self.inbox.parent)

    def compose(self, *words: str, seconds: float = 300) -> str:
        """What `docker compose WORDS…` writes."""
        command = ("compose", "--project-name", self.project, *words)
        return docker(*command, environ=self._environ, seconds=seconds)

    def rows(self, sql: str) -> list[str]:
        """The lines that PostgreSQL answers with."""
        psql = ("psql", "--username=copydesk", "--no-align", "--tuples-only", "--command", sql)
        return self.compose("exec", "-T", "postgres", *psql).splitlines()

    def containers(self, *services: str) -> list[dict[str, Any]]:
        """Those that run, as `docker inspect` shows them."""
        names = self.compose("ps", "--quiet", *services).split()
        found: list[dict[str, Any]] = json.loads(docker("inspect", *names))
        return found

    def crash(self, service: str) -> None:
        """Kill -9 what one replica of `service` runs; return once it was started again."""
        container, *_ = self.containers(service)
        docker("exec", container["Id"], "sh", "-c", "kill -9 -1")  # all but itself and init

        def restarted() -> bool:
            now = {each["Id"]: each for each in self.containers(service)}.get(container["Id"])
            return now is not None and now["RestartCount"] > container["RestartCount"]

        until(restarted, self.said, 60)

    def said(self) -> str:
        """The last that the services said."""
        return self.compose("logs", "--no-color", "--tail=40", "watcher", "parser", "sink")


@contextmanager
def stack(inbox: Path, owner: int = OURSELVES) -> Iterator[Stack]:
    """A project of which nothing is left behind."""
    made = Stack(inbox, owner)
    try:
        yield made
    finally:
        made.compose("down", "--volumes", "--remove-orphans", "--timeout=5")
