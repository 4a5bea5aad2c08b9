"""The repository keeps what its documents say."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from copydesk import __version__

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
REQUIREMENT = re.compile(r"^([a-z0-9][a-z0-9-]*)(==\S+)?", re.MULTILINE)


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def tracked() -> list[Path]:
    """The files of the repository; all that lie here where it is no clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    if listed.returncode:
        pytest.skip("not a clone of the repository")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_nothing_lies_at_the_top_that_does_not_belong_there() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    folders = {".ci", ".github", "benchmarks", "deploy", "docs", "examples", "schemas", "services"}
    documents = {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md"}
    settings = {".dockerignore", ".editorconfig", ".env", ".gitattributes", ".gitignore"}
    building = {"Makefile", "docker-compose.yml", "pyproject.toml", "tests", *LOCKS}
    assert top == folders | documents | settings | building


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", text("Makefile"), re.MULTILINE))


def documents() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def test_every_make_target_that_a_document_names_exists() -> None:
    named = {
        (path.name, target)
        for path in documents()
        for block in re.findall(r"```.*?```|`[^`]+`", path.read_text("utf-8"), re.DOTALL)
        for target in re.findall(r"\bmake ([a-z-]+)", block)
    }
    assert {target for _, target in named} >= {"run", "test"}
    assert [pair for pair in sorted(named) if pair[1] not in make_targets()] == []


def test_every_command_that_a_document_names_exists() -> None:
    from copydesk.commands.app import app  # noqa: PLC0415 -- the other tests need no command line

    commands = {
        command.name or command.callback.__name__
        for command in app.registered_commands
        if command.callback
    }
    named = {
        (path.name, command)
        for path in documents()
        for block in re.findall(r"```.*?```|`[^`]+`", path.read_text("utf-8"), re.DOTALL)
        for command in re.findall(r"\bcopydesk ([a-z]+)\b", block)
    }
    assert {command for _, command in named} >= {"run", "parse", "trace", "status", "tail"}
    assert [pair for pair in sorted(named) if pair[1] not in commands] == []


def test_every_link_between_documents_leads_to_a_file() -> None:
    broken = [
        f"{path.name}: {link}"
        for path in documents()
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
        if not (path.parent / link).exists()
    ]
    assert broken == []


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## [{__version__}]" in text("CHANGELOG.md")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pinned_package_has_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", text(lock))[1:]
    assert entries
    unpinned = [
        entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry
    ]
    assert unpinned == []


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    groups = project["dependency-groups"]
    runtime = project["project"]["dependencies"] + groups["build"]
    development = [name for name in groups["dev"] if isinstance(name, str)]
    for lock, wanted in zip(LOCKS, (runtime, runtime + development), strict=True):
        pinned = {match[1] for match in REQUIREMENT.finditer(text(lock)) if match[2]}
        missing = {match[1] for name in wanted if (match := REQUIREMENT.match(name))} - pinned
        assert missing == set(), lock


def test_both_locks_pin_the_same_versions() -> None:
    runtime, development = (
        {match[0] for match in REQUIREMENT.finditer(text(lock)) if match[2]} for lock in LOCKS
    )
    assert runtime - development == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index(lock: str) -> None:
    assert re.findall(r"^-.*|https?://.*", text(lock), re.MULTILINE) == []


def test_no_file_holds_a_path_of_one_machine() -> None:
    machine = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/")
    named = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if path.suffix != ".gz" and path != Path(__file__)
        for match in machine.finditer(path.read_text("utf-8", "replace"))
    ]
    assert named == []


def test_the_examples_are_four_and_dropped_in_the_order_of_their_names() -> None:
    names = sorted(path.name for path in (ROOT / "examples").iterdir())
    assert [name[0] for name in names] == ["1", "2", "3", "4"]


def test_help_lists_every_target() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = set(re.findall(r"^\.PHONY: (.+)$", text("Makefile"), re.MULTILINE))
    assert targets == set(re.findall(r"^make ([a-z-]+)", listed.stdout, re.MULTILINE))


def test_the_classifiers_name_the_tested_versions_of_python() -> None:
    classifiers = tomllib.loads(text("pyproject.toml"))["project"]["classifiers"]
    claimed = {name[-4:] for name in classifiers if re.search(r":: 3\.\d+$", name)}
    matrix = re.search(r"python: \[(.*)\]", text(".github/workflows/ci.yml"))
    assert matrix is not None
    assert claimed == set(re.findall(r"3\.\d+", matrix[1]))
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in claimed | {"3.14"}
