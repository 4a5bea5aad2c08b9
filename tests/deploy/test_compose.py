"""The compose file: a file dropped is a row, at any scale, whatever is killed; nobody is root."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copydesk.loading import load
from tests.deploy.engine import OURSELVES, ROOT, docker, folder, until
from tests.deploy.stack import Stack, stack
from tests.pipeline import article

SERVICES = ("watcher", "parser", "sink", "kafka", "postgres", "prometheus")
DROPPED = 60
READY_SECONDS = 120

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def running(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything but Grafana, brought up with three parsers as the README says."""
    with stack(folder(tmp_path_factory.mktemp("home") / "inbox")) as made:
        made.compose("build", "parser")
        made.as_told(told("up"))
        yield made


def told(word: str) -> str:
    """The line with `word` among those that the README tells for compose."""
    readme = (ROOT / "README.md").read_text("utf-8")
    block = readme.partition("\n## Scale out\n")[2].partition("```\n")[2].partition("```")[0]
    (line,) = (line for line in block.splitlines() if word in line.split())
    return line


def drop(inbox: Path, name: str, title: str) -> None:
    """Do as `cp` does by the user whom the inbox is for."""
    file = inbox / name
    file.write_bytes(article(f"https://news.example/{name}", title))
    os.chown(file, OURSELVES, OURSELVES)


def asked(prometheus: int, what: str) -> dict[str, Any]:
    """What Prometheus at that port answers."""
    with urllib.request.urlopen(f"http://127.0.0.1:{prometheus}/api/v1/{what}", timeout=10) as page:
        found: dict[str, Any] = json.load(page)["data"]
    return found


def replicas_up(prometheus: int) -> int:
    """How many addresses of the job Prometheus reads."""
    states = asked(prometheus, "query?query=up%7Bjob=%22copydesk%22%7D")["result"]
    return sum(series["value"][1] == "1" for series in states)


def test_a_file_copied_becomes_a_row_and_stands_in_done(running: Stack) -> None:
    given = running.inbox.parent / "article.txt"
    given.write_bytes(article("https://news.example/first", "The first of all"))
    running.as_told(told("cp"))
    until((running.inbox / "done" / given.name).exists, running.said, READY_SECONDS)
    assert "The first of all" in running.as_told(told("psql"))
    assert re.search(r"^seen +1$", running.as_told(told("status")), re.MULTILINE)


def test_the_topics_are_as_they_should_be(running: Stack) -> None:
    assert "as they should be" in running.compose("exec", "-T", "parser", "copydesk", "topics")


def test_what_a_role_is_told_are_settings(image: str) -> None:
    services = json.loads(docker("compose", "config", "--format=json"))["services"]
    for role in ("watcher", "parser", "sink", "topics"):
        assert load({}, services[role]["environment"]).unknown == []


def test_what_is_killed_comes_back_and_each_file_becomes_one_row(running: Stack) -> None:
    for number in range(DROPPED):
        drop(running.inbox, f"{number}.txt", f"Number {number}")
        if number == DROPPED // 3:
            running.crash("parser")
        if number == DROPPED // 2:
            running.crash("sink")
            running.crash("watcher")
    numbered = "path <> 'article.txt'"
    settled = f"SELECT count(*) FROM files WHERE {numbered} AND disposition = 'moved'"
    until(lambda: running.rows(settled) == [str(DROPPED)], running.said, READY_SECONDS)
    assert running.rows(f"SELECT DISTINCT outcome FROM files WHERE {numbered}") == ["stored"]
    titles = running.rows("SELECT title FROM articles WHERE title LIKE 'Number %'")
    assert sorted(titles) == sorted(f"Number {number}" for number in range(DROPPED))


def test_three_parsers_share_the_work_and_prometheus_sees_each(running: Stack) -> None:
    assert len(running.containers("parser")) == 3
    until(lambda: replicas_up(running.prometheus) == 5, running.said, READY_SECONDS)


def test_prometheus_has_the_rules_and_none_of_them_fails(running: Stack) -> None:
    groups = asked(running.prometheus, "rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert rules
    assert [rule["name"] for rule in rules if rule["health"] == "err"] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_nobody_special_in_a_box_of_fixed_size(running: Stack, service: str) -> None:
    for container in running.containers(service):
        host = container["HostConfig"]
        assert docker("exec", container["Id"], "id", "-u").strip() != "0"
        assert host["ReadonlyRootfs"]
        assert host["CapDrop"] == ["ALL"]
        assert not host["CapAdd"]
        assert host["SecurityOpt"] == ["no-new-privileges:true"]
        assert host["Memory"] > 0
        assert host["NanoCpus"] > 0
        assert host["PidsLimit"] > 0
        assert container["State"]["Health"]["Status"] == "healthy"


def test_nothing_is_reached_from_another_machine(running: Stack) -> None:
    reached = {
        binding["HostIp"]
        for container in running.containers()
        for bindings in container["NetworkSettings"]["Ports"].values()
        for binding in bindings or []
    }
    assert reached == {"127.0.0.1"}


def test_no_volume_is_nameless_and_stays_behind(running: Stack) -> None:
    mounts = [mount for each in running.containers() for mount in each["Mounts"]]
    names = [mount["Name"] for mount in mounts if mount["Type"] == "volume"]
    assert sorted(names) == [
        f"{running.project}_{name}" for name in ("kafka", "postgres", "prometheus")
    ]


def test_a_second_watcher_is_refused(running: Stack) -> None:
    with pytest.raises(AssertionError, match="unique name"):
        running.compose("up", "--detach", "--no-deps", "--scale=watcher=2", "watcher")


def test_it_ends_in_order(running: Stack) -> None:
    ids = [
        each["Id"] for role in ("watcher", "parser", "sink") for each in running.containers(role)
    ]
    running.compose("stop", "watcher", "parser", "sink")
    ended = json.loads(docker("inspect", *ids))
    assert [each["State"]["ExitCode"] for each in ended] == [0] * 5
    running.as_told(told("down"))
    assert running.compose("ps", "--all", "--quiet") == ""


def test_what_is_stored_outlives_the_containers_and_more_is_added(running: Stack) -> None:
    running.as_told(told("up"))
    assert "The first of all" in running.as_told(told("psql"))
    drop(running.inbox, "last.txt", "The last of all")
    until((running.inbox / "done" / "last.txt").exists, running.said, READY_SECONDS)
    assert running.rows("SELECT count(*) FROM articles") == [str(DROPPED + 2)]


def test_the_inbox_of_somebody_else_becomes_a_drop_box(image: str, tmp_path: Path) -> None:
    with stack(folder(tmp_path / "inbox"), owner=OURSELVES + 1) as made:
        made.compose("run", "--rm", "inbox")
        found = made.inbox.stat()
        assert (found.st_uid, found.st_mode & 0o7777) == (OURSELVES + 1, 0o1777)


def test_grafana_runs_unless_its_profile_is_turned_off(image: str) -> None:
    without = docker("compose", "config", "--services", environ={"COMPOSE_PROFILES": ""})
    assert set(docker("compose", "config", "--services").split()) - set(without.split()) == {
        "grafana"
    }
