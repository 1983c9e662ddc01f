"""The same preview by ``pulumi`` itself, from a checkout: what a Pulumi user does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.harness import plain
from tests.integration.harness.command import Galley
from tests.integration.harness.engine import Engine
from tests.integration.harness.plain import Plain
from tests.integration.harness.repository import Repository
from tests.integration.harness.web import ask_url

MANIFEST = """
    version: 1
    services:
      api:
        kind: api
        build: {path: ./}
        expose: 8000
        depends_on: [migrate]
        env: {GREETING: "${GREETING:-hello}", PR: "${GALLEY_PR}"}
        health: {path: /healthz, timeout: 20s}
        resources: {cpus: "0.50"}
      migrate:
        kind: worker
        restart: never
        build: {path: ./, start: "echo migrated && true"}
      cache:
        kind: cache
        image: redis:7-alpine
        expose: 6379
"""
STACK = "pr-12"


@pytest.fixture
def pulumi(galley: Galley, tmp_path: Path) -> Iterator[Plain]:
    """Pulumi for the stack, from a checkout of the test's own."""
    with plain.stack(galley, tmp_path, STACK) as made:
        yield made


def declared(deployment: dict[str, Any]) -> set[tuple[str, str]]:
    """Type and name of every resource but the stack itself."""
    found = {
        (entry["type"], entry["urn"].rpartition("::")[2]) for entry in deployment["deployment"]["resources"]
    }
    return {(kind, name) for kind, name in found if kind != "pulumi:pulumi:Stack"}


def test_a_stack_by_hand(small: Repository, pulumi: Plain, galley: Galley, engine: Engine) -> None:
    small.manifest(MANIFEST)
    name = f"pr-12-{small.project}"
    pulumi("stack", "init", STACK)
    pulumi("config", "set", "manifest", str(small.path))
    pulumi("up", "--yes", "--skip-preview")

    outputs = pulumi.outputs
    assert outputs["preview"] == name
    assert json.loads(ask_url(outputs["urls"]["api"], "/env").body)["PR"] == "12"
    seen = galley("status", "--pr", "12", "--json", at=small.path).json
    assert (seen["preview"], seen["pr"], seen["state"]) == (name, 12, "running")
    assert seen["services"]["api"]["url"] == outputs["urls"]["api"]

    pulumi("preview", "--expect-no-changes")
    pulumi("refresh", "--yes", "--expect-no-changes")
    pulumi("config", "set", "--path", "vars.GREETING", "changed")
    assert "changes were proposed" in pulumi("preview", "--expect-no-changes", fails=True).text
    pulumi("up", "--yes", "--skip-preview")
    assert json.loads(ask_url(outputs["urls"]["api"], "/env").body)["GREETING"] == "changed"

    by_hand = declared(json.loads(pulumi("stack", "export").out))
    pulumi("destroy", "--yes", "--skip-preview")
    assert engine.of(name) == []
    assert galley("up", "--pr", "12", at=small.path).code == 0
    try:
        state = galley.home / "state" / ".pulumi" / "stacks" / "galley" / f"{name}.json"
        by_command = declared({"deployment": json.loads(state.read_text())["checkpoint"]["latest"]})
        assert by_hand == by_command
        assert len(by_hand) > 10
    finally:
        assert galley("down", "--pr", "12", at=small.path).code == 0


def test_what_is_wrong_is_said_without_a_traceback(small: Repository, pulumi: Plain) -> None:
    pulumi("stack", "init", STACK)
    assert "pulumi config set manifest PATH" in pulumi("up", "--yes", fails=True).text
    small.manifest(MANIFEST).replace("galley.yaml", "kind: api", "kind: apo")
    pulumi("config", "set", "manifest", str(small.path))
    assert "galley.yaml:5:" in pulumi("up", "--yes", fails=True).text
