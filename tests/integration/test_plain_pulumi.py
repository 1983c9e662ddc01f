"""The same preview by ``pulumi`` itself, from a checkout: what a Pulumi user does."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.harness.command import Completed, Galley
from tests.integration.harness.engine import Engine
from tests.integration.harness.repository import CHECKOUT, Repository
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
PARTS = ("Pulumi.yaml", "__main__.py", "galley_iac", "stacks")
Pulumi = Callable[..., Completed]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What of a checkout the program consists of, beside the environment that it runs in."""
    for part in PARTS:
        source, target = CHECKOUT / part, tmp_path / "checkout" / part
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "Pulumi.*.yaml"))
        else:
            shutil.copy(source, target)
    (tmp_path / "checkout" / ".venv").symlink_to(sys.prefix)
    return tmp_path / "checkout"


@pytest.fixture
def pulumi(galley: Galley, checkout: Path) -> Iterator[Pulumi]:
    """Runs pulumi with ``eval "$(galley env)"``; the stack is removed at the end."""

    def run(*words: str, fails: bool = False) -> Completed:
        line = 'eval "$("$0" env)" && exec pulumi "$@"'
        done = galley.run(["sh", "-c", line, str(galley.program), *words, "--non-interactive"], at=checkout)
        assert (done.code != 0) == fails, done.text
        return done

    yield run
    if "pr-12" in run("stack", "ls").out:
        run("destroy", "--yes", "--stack", "pr-12")
        run("stack", "rm", "--yes", "--stack", "pr-12")


def declared(deployment: dict[str, Any]) -> set[tuple[str, str]]:
    """Type and name of every resource but the stack itself."""
    found = {
        (entry["type"], entry["urn"].rpartition("::")[2]) for entry in deployment["deployment"]["resources"]
    }
    return {(kind, name) for kind, name in found if kind != "pulumi:pulumi:Stack"}


def test_a_stack_by_hand(small: Repository, pulumi: Pulumi, galley: Galley, engine: Engine) -> None:
    small.manifest(MANIFEST)
    name = f"pr-12-{small.project}"
    pulumi("stack", "init", "pr-12")
    pulumi("config", "set", "manifest", str(small.path))
    pulumi("up", "--yes", "--skip-preview")

    outputs = json.loads(pulumi("stack", "output", "--json").out)
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


def test_what_is_wrong_is_said_without_a_traceback(small: Repository, pulumi: Pulumi) -> None:
    pulumi("stack", "init", "pr-12")
    assert "pulumi config set manifest PATH" in pulumi("up", "--yes", fails=True).text
    small.manifest(MANIFEST).replace("galley.yaml", "kind: api", "kind: apo")
    pulumi("config", "set", "manifest", str(small.path))
    assert "galley.yaml:5:" in pulumi("up", "--yes", fails=True).text
