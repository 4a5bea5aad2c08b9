"""The image: what is in it, and that by itself it is the whole pipeline."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import copydesk
from tests.deploy.engine import BASE, OURSELVES, ROOT, docker, folder, logs, until
from tests.pipeline import EXAMPLES
from tests.servers import free_port

MEGABYTE = 1_000_000
HARDENED = ("--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges")

pytestmark = pytest.mark.timeout(900)


def inspected(what: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(docker("inspect", what))
    return found[0]


class Running(NamedTuple):
    """A container that runs what the image does by default, and its inbox."""

    name: str
    inbox: Path
    port: int

    def status(self) -> dict[str, Any]:
        asked = ["docker", "exec", self.name, "copydesk", "status", "--json"]
        done = subprocess.run(asked, capture_output=True, encoding="utf-8", check=False)
        found: dict[str, Any] = json.loads(done.stdout) if done.stdout else {}
        return found

    def said(self) -> str:
        return logs(self.name)

    def healthy(self) -> bool:
        return bool(inspected(self.name)["State"]["Health"]["Status"] == "healthy")


@pytest.fixture(scope="module")
def running(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("home")
    made = Running(f"copydesk-{uuid.uuid4().hex[:8]}", folder(home / "inbox"), free_port())
    docker(
        *("run", "--detach", "--name", made.name, "--user", f"{OURSELVES}:{OURSELVES}"),
        *HARDENED,
        *(f"--volume={made.inbox}:/inbox", f"--volume={folder(home / 'data')}:/data"),
        f"--publish=127.0.0.1:{made.port}:9464",
        image,
    )
    try:
        yield made
    finally:
        docker("rm", "--force", "--volumes", made.name)


def test_our_layers_are_small(image: str) -> None:
    ours, base = inspected(image), inspected(BASE)
    shared = len(base["RootFS"]["Layers"])
    assert ours["RootFS"]["Layers"][:shared] == base["RootFS"]["Layers"]
    assert ours["Size"] - base["Size"] < 150 * MEGABYTE


def test_the_labels_tell_of_this_version(image: str) -> None:
    labels = inspected(image)["Config"]["Labels"]
    assert labels["org.opencontainers.image.title"] == "copydesk"
    assert labels["org.opencontainers.image.version"] == copydesk.__version__
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"


def test_packages_are_those_of_the_lock_and_no_index_is_named() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    installs = re.findall(r"install (.*)", dockerfile.partition("FROM")[2])
    assert "--require-hashes -r requirements.lock" in installs
    assert "--no-deps --no-build-isolation ." in installs
    assert "://" not in dockerfile.replace("http://127.0.0.1", "")


def test_nobody_in_it_is_root_and_its_code_is_nobodys_to_change(image: str) -> None:
    trial = "id -u; touch /opt/copydesk/new || find /opt/copydesk -writable -not -type l"
    assert docker("run", "--rm", "--entrypoint=sh", image, "-c", trial).split() == ["1000"]


def test_it_reads_an_article_from_standard_input(image: str) -> None:
    done = subprocess.run(
        ["docker", "run", "--rm", "--interactive", image, "parse", "-"],
        input=(EXAMPLES / "1-ferries.txt").read_bytes(),
        capture_output=True,
        check=False,
    )
    assert json.loads(done.stdout)["site"] == "orrin-courier.example"


def test_a_role_alone_refuses_to_run_without_kafka(image: str) -> None:
    done = subprocess.run(
        ["docker", "run", "--rm", image, "parser"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "needs Kafka" in done.stderr


def test_its_health_check_fails_where_nothing_serves(image: str) -> None:
    kind, program, *words = inspected(image)["Config"]["Healthcheck"]["Test"]
    assert kind == "CMD"
    done = subprocess.run(
        ["docker", "run", "--rm", f"--entrypoint={program}", image, *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Connection refused" in done.stderr


def test_by_itself_it_brings_files_to_rows(running: Running) -> None:
    for example in EXAMPLES.iterdir():
        shutil.copyfile(example, running.inbox / example.name)
    until(lambda: running.status().get("seen") == len(list(EXAMPLES.iterdir())), running.said, 60)
    until(lambda: not any(running.status()["in_flight"].values()), running.said, 60)
    until((running.inbox / "done" / "2-moth.txt.gz").exists, running.said, 60)
    until((running.inbox / "rejected" / "4-broken.txt.error.json").exists, running.said, 60)


def test_it_is_healthy_and_serves_beyond_its_container(running: Running) -> None:
    until(running.healthy, running.said, 90)
    with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/readyz", timeout=10) as page:
        assert json.load(page)["ready"]


def test_docker_stop_ends_it_in_order(running: Running) -> None:
    docker("stop", "--time", "30", running.name)
    assert inspected(running.name)["State"]["ExitCode"] == 0
    assert "service_stopped" in running.said()
