"""The manifests as kustomize renders them: by the schemas of the API, and by our own rules."""

from __future__ import annotations

import shutil
from functools import cache
from typing import Any

import kubernetes_validate
import pytest
import yaml

import copydesk
from copydesk.loading import load
from copydesk.settings import declarations, file_variable, variable
from tests.deploy.engine import ROOT, said_by
from tests.servers import missing

FOLDER = ROOT / "deploy" / "kubernetes"
SETS = ("base", "overlays/production")
API_VERSIONS = ("1.31", kubernetes_validate.latest_version())
ROLES = ("parser", "sink", "watcher")

Manifest = dict[str, Any]


@cache
def rendered(name: str) -> list[Manifest]:
    """The set `name`. Skips the test where nothing is there that renders it."""
    programs = (["kustomize", "build"], ["kubectl", "kustomize"])
    there = [words for words in programs if shutil.which(words[0])]
    if not there:
        missing("neither kustomize nor kubectl is installed")
    return list(yaml.safe_load_all(said_by(*there[0], FOLDER / name)))


def of_kind(manifests: list[Manifest], *kinds: str) -> list[Manifest]:
    return [each for each in manifests if each["kind"] in kinds]


def pods(name: str) -> dict[str, Manifest]:
    """Of each role, what its pods are made from."""
    found = of_kind(rendered(name), "Deployment", "StatefulSet")
    return {each["metadata"]["name"]: each["spec"]["template"]["spec"] for each in found}


def container(pod: Manifest) -> Manifest:
    (only,) = pod["containers"]
    found: Manifest = only
    return found


def secret_files(pod: Manifest) -> set[str]:
    """The paths at which a pod has its secrets."""
    places = {each["name"]: each["mountPath"] for each in container(pod)["volumeMounts"]}
    return {
        f"{places[volume['name']]}/{item['path']}"
        for volume in pod["volumes"]
        for item in volume.get("secret", {}).get("items", [])
    }


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("version", API_VERSIONS)
def test_every_manifest_is_what_the_api_demands(name: str, version: str) -> None:
    for manifest in rendered(name):
        kubernetes_validate.validate(manifest, version, strict=True)


@pytest.mark.parametrize("name", SETS)
def test_each_role_runs_under_its_name_from_the_image_of_this_version(name: str) -> None:
    assert {role: container(pod)["args"] for role, pod in pods(name).items()} == {
        role: [role] for role in ROLES
    }
    images = {container(pod)["image"].rpartition("/")[2] for pod in pods(name).values()}
    assert images == {f"copydesk:{copydesk.__version__}"}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("role", ROLES)
def test_a_pod_is_nobody_special_and_bounded(name: str, role: str) -> None:
    pod = pods(name)[role]
    inside = container(pod)
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not pod["automountServiceAccountToken"]
    assert inside["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"cpu", "memory"} <= inside["resources"]["requests"].keys()
    assert "memory" in inside["resources"]["limits"]


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("role", ROLES)
def test_a_pod_is_alive_by_healthz_and_ready_by_readyz(name: str, role: str) -> None:
    inside = container(pods(name)[role])
    assert inside["ports"] == [{"name": "http", "containerPort": 9464}]
    probes = {name: inside[name]["httpGet"] for name in inside if name.endswith("Probe")}
    assert probes == {
        "startupProbe": {"path": "/healthz", "port": "http"},
        "livenessProbe": {"path": "/healthz", "port": "http"},
        "readinessProbe": {"path": "/readyz", "port": "http"},
    }


@pytest.mark.parametrize("name", SETS)
def test_there_is_one_watcher_never_two_and_the_inbox_is_its_volume(name: str) -> None:
    (watcher,) = of_kind(rendered(name), "StatefulSet")
    assert watcher["spec"]["replicas"] == 1
    mounts = {
        each["mountPath"]: each["name"] for each in container(pods(name)["watcher"])["volumeMounts"]
    }
    volumes = {each["name"]: each for each in pods(name)["watcher"]["volumes"]}
    claim = volumes[mounts["/inbox"]]["persistentVolumeClaim"]["claimName"]
    assert claim in {
        each["metadata"]["name"] for each in of_kind(rendered(name), "PersistentVolumeClaim")
    }


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_is_told_are_settings_and_what_is_secret_is_in_a_mounted_file(
    name: str, role: str
) -> None:
    maps = {each["metadata"]["name"]: each["data"] for each in of_kind(rendered(name), "ConfigMap")}
    inside = container(pods(name)[role])
    (source,) = inside["envFrom"]
    own = {each["name"]: each["value"] for each in inside.get("env", [])}
    told = maps[source["configMapRef"]["name"]] | own
    secrets = {
        file_variable(each): variable(each) for each, it in declarations().items() if it.secret
    }
    hidden = {secrets[each]: told.pop(each) for each in told.keys() & secrets.keys()}
    assert not told.keys() & set(secrets.values())
    assert set(hidden.values()) == secret_files(pods(name)[role])
    assert ("COPYDESK_STORE_PASSWORD" in hidden) == (role == "sink")
    loaded = load({}, told | dict.fromkeys(hidden, "inkwell"))
    assert loaded.unknown == []
    assert loaded.settings.transport.startswith("kafka://")
    assert loaded.settings.store.startswith("postgresql://")


@pytest.mark.parametrize("name", SETS)
def test_no_parser_and_no_sink_is_without_a_partition(name: str) -> None:
    (told,) = of_kind(rendered(name), "ConfigMap")
    replicas = [each["spec"]["replicas"] for each in of_kind(rendered(name), "Deployment")]
    assert max(replicas) <= int(told["data"]["COPYDESK_PARTITIONS"])
