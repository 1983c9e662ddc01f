"""What the proof of an update covers, and when there is none."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from galley_iac.automation import backend, passphrase
from galley_iac.automation import proof as proofs
from galley_iac.automation.configuration import SECRETS, config_file, project_stack
from galley_iac.automation.proof import Proof, proof
from galley_iac.engine.live import Live
from galley_iac.request import Prepared, Request, prepare
from tests.unit.engine.support import FakeClient, container, network

MANIFEST = "version: 1\nservices:\n  web: {kind: web, build: ., expose: 80, env: {WORD: one}}\n"
LIVE = Live((container("web"),), (network(),), (), frozenset(), "digest of the objects")
CONTAINER, NETWORK = "docker:index/container:Container", "docker:index/network:Network"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (*proofs._VARIABLES, "PULUMI_BACKEND_URL", passphrase.PHRASE, passphrase.FILE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    made = tmp_path / "shop"
    made.mkdir()
    (made / "galley.yaml").write_text(MANIFEST)
    (made / "Dockerfile").write_text("FROM scratch\n")
    lay_state(made)
    return made


def prepared(folder: Path, **more: Any) -> Prepared:
    return prepare(Request(folder / "galley.yaml", branch="main", project="shop", **more))


def lay_state(folder: Path, **more: Any) -> Path:
    local = backend.local_state()
    assert local
    path = backend.state_file(local, prepared(folder).plan.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    resources = [
        {"urn": f"urn:{kind}::{one.id}", "type": kind, "id": one.id}
        for kind, one in ((CONTAINER, LIVE.containers[0]), (NETWORK, LIVE.networks[0]))
    ]
    path.write_text(json.dumps({"checkpoint": {"latest": {"resources": resources, **more}}}))
    return path


def client(of: Prepared, identifier: str = "sha256:1") -> Any:
    class Api:
        def inspect_image(self, reference: str) -> dict[str, str]:
            return {"Id": f"{identifier} {reference}"}

    assert of.plan.images
    made = FakeClient()
    made.api = Api()  # type: ignore[assignment]
    return made


def proven(of: Prepared, live: Live = LIVE, identifier: str = "sha256:1") -> Proof:
    found = proof(client(of, identifier), of, live)
    assert found
    return found


def test_the_same_is_the_same(folder: Path) -> None:
    assert proven(prepared(folder)) == proven(prepared(folder))


def test_as_text(folder: Path) -> None:
    found = proven(prepared(folder))
    assert Proof.parse(str(found)) == found
    assert len(str(found)) < 256, "as much as a tag may have"
    assert Proof.parse("") is None
    assert Proof.parse(f"{found}.more") is None


def setting(variable: str, value: str) -> Callable[[Path, pytest.MonkeyPatch], object]:
    return lambda _, patch: patch.setenv(variable, value)


def log_in(_: Path, __: pytest.MonkeyPatch) -> None:
    where = Path(os.environ["DOCKER_CONFIG"])
    where.mkdir()
    (where / "config.json").write_text('{"auths": {"registry.example": {"auth": "YTpi"}}}')


@pytest.mark.parametrize(
    "change",
    [
        lambda at, _: (at / "galley.yaml").write_text(MANIFEST.replace("one", "two")),
        lambda at, _: (at / "Dockerfile").write_text("FROM scratch\nENV A=b\n"),
        lambda at, _: lay_state(at, manifest={"time": "2026-01-31T12:00:00Z"}),
        lambda at, _: config_file(prepared(at).plan.name).merge({SECRETS: {"A": {"secure": "v1:x"}}}),
        lambda _, __: config_file(project_stack("shop")).merge({"galley:projectVars": {"A": "b"}}),
        lambda _, patch: patch.setattr(proofs, "__version__", "99.0.0"),
        lambda _, patch: patch.setattr(proofs, "_libraries", lambda: ["pulumi_docker-99.dist-info"]),
        lambda at, patch: patch.setattr(proofs, "_PACKAGE", at),
        log_in,
        setting("GALLEY_PULUMI", "/opt/pulumi"),
        setting(passphrase.PHRASE, "another"),
    ],
)
def test_what_changes_what_was_asked_for(
    change: Callable[[Path, pytest.MonkeyPatch], object], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = proven(prepared(folder))
    change(folder, monkeypatch)
    assert proven(prepared(folder)).inputs != before.inputs


@pytest.mark.parametrize(
    "more",
    [
        {"strict": True},
        {"untrusted": True},
        {"engine": "tcp://elsewhere:2375"},
        {"own_settings": {"ttl": "2d"}},
        {"project_settings": {"ttl": "2d"}},
        {"own_variables": {"A": "b"}},
        {"project_variables": {"A": "b"}},
        {"secrets": frozenset({"TOKEN"})},
    ],
)
def test_what_is_asked_for_with(more: dict[str, Any], folder: Path) -> None:
    assert proven(prepared(folder, **more)).inputs != proven(prepared(folder)).inputs


def test_images_and_objects_are_told_apart(folder: Path) -> None:
    of = prepared(folder)
    before = proven(of)
    other = proven(of, identifier="sha256:2")
    assert (other.inputs, other.objects) == (before.inputs, before.objects)
    assert other.images != before.images
    moved = proven(of, dataclasses.replace(LIVE, digest="another"))
    assert (moved.inputs, moved.images) == (before.inputs, before.images)
    assert moved.objects != before.objects


def test_it_says_nothing_to_who_has_not_the_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = proven(prepared(folder))
    monkeypatch.setenv(passphrase.PHRASE, "another")
    after = proven(prepared(folder))
    assert (before.images != after.images, before.objects != after.objects) == (True, True)


@pytest.mark.parametrize(
    "live",
    [
        Live(),
        Live((container("web"),)),
        Live((container("web"), container("unknown")), (network(),)),
        Live((container("web", id="made by hand"),), (network(),)),
        Live((container("web"),), (network(),), ("a volume",)),
    ],
)
def test_none_where_the_state_knows_something_else(live: Live, folder: Path) -> None:
    of = prepared(folder)
    assert proof(client(of), of, live) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_text("{}"),
        lambda path: path.write_text(
            path.read_text().replace('"resources"', '"pending_operations": [1], "resources"')
        ),
    ],
)
def test_none_where_the_state_is_not_whole(spoil: Callable[[Path], object], folder: Path) -> None:
    of = prepared(folder)
    assert proven(of)
    spoil(lay_state(folder))
    assert proof(client(of), of, LIVE) is None


def test_none_while_pulumi_has_it_locked(folder: Path) -> None:
    of, local = prepared(folder), backend.local_state()
    assert local
    lock = local / ".pulumi" / "locks" / "organization" / backend.PROJECT / of.plan.name / "1.json"
    lock.parent.mkdir(parents=True)
    lock.write_text('{"pid": 1, "hostname": "here", "timestamp": "2026-01-31T12:00:00Z"}')
    assert proof(client(of), of, LIVE) is None


def test_none_in_a_shared_backend(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of = prepared(folder)
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://bucket")
    assert proof(client(of), of, LIVE) is None


def test_none_on_a_cluster(folder: Path) -> None:
    of = prepared(folder, own_settings={"target": "kubernetes", "registry": "127.0.0.1:5000"})
    assert of.settings.cluster
    assert proof(client(of), of, LIVE) is None
