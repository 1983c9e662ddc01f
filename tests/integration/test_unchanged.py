"""An update that would change nothing starts no engine, and whatever differs does start it.

The witness is Pulumi's own history: it has an entry for each run of the engine. What was taken for unchanged
is compared with what Pulumi itself says of it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from galley_iac import timing
from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.preview import Preview

MANIFEST = """
    version: 1
    services:
      api:
        kind: api
        build: {path: ./}
        expose: 8000
        depends_on: [cache]
        env: {CHANGED: "no", WORD: "${WORD:-none}"}
        health: {path: /status/200, timeout: 60s}
      cache: {kind: cache, image: "redis:7-alpine", expose: 6379}
"""
KEPT = ("state/.pulumi/stacks/galley", "workspace/stacks")


@pytest.fixture(scope="module")
def preview(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    repository = make_repository().write(".dockerignore", ".git\n").manifest(MANIFEST)
    with make_preview(repository) as made:
        made.up()
        yield made


def runs(preview: Preview) -> int:
    """How often the engine has updated or refreshed the preview."""
    history = preview.galley.home / "state" / ".pulumi" / "history" / "galley" / preview.name
    return len(list(history.glob("*.history.json")))


def assert_past_the_engine(preview: Preview) -> None:
    before, ids = runs(preview), preview.ids()
    done = preview.up()
    assert "nothing to change" in done.err
    assert {"api: unchanged", "cache: unchanged", "router: unchanged"} <= set(done.err.splitlines())
    assert preview.url("api") in done.out
    assert (runs(preview), preview.ids()) == (before, ids)


def pulumi(preview: Preview, *words: str) -> Any:
    galley = preview.galley
    own = galley("env", "--json", at=preview.repository.path).json
    environment = {**own, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [str(galley.tools.pulumi), *words, "--stack", preview.name]
    return galley.run(command, at=galley.home / "workspace", **environment)


def api(preview: Preview) -> Any:
    return preview.engine.client.api


def remove(preview: Preview, name: str) -> None:
    api(preview).remove_container(preview.ids()[name], v=True, force=True)


def put_in_its_place(preview: Preview, name: str) -> None:
    """Another container with the same name, image and labels, on the same network."""
    was = preview.inspect(name)
    remove(preview, name)
    preview.engine.client.containers.run(
        was["Config"]["Image"],
        name=was["Name"].lstrip("/"),
        labels=was["Config"]["Labels"],
        network=preview.name,
        detach=True,
    )


def lose_the_data(preview: Preview) -> None:
    volume = preview.inspect("cache")["Mounts"][0]["Name"]
    remove(preview, "cache")
    api(preview).remove_volume(volume)


def lose_the_image(preview: Preview) -> None:
    api(preview).remove_image(preview.status()["services"]["api"]["image"], force=True)


def edit(preview: Preview, old: str, new: str, file: str = "galley.yaml") -> None:
    preview.repository.replace(file, old, new)


def command(preview: Preview, *words: str) -> None:
    done = preview.galley(*words, at=preview.repository.path, WORD="hello")
    assert done.code == 0, done.text


DRIFT: dict[str, Callable[[Preview], object]] = {
    "a stopped container": lambda one: api(one).stop(one.ids()["api"], timeout=0),
    "another container in its place": lambda one: put_in_its_place(one, "api"),
    "a network that it left": lambda one: api(one).disconnect_container_from_network(
        one.ids()["api"], one.name
    ),
    "another limit": lambda one: api(one).update_container(
        one.ids()["api"], mem_limit="96m", memswap_limit="96m"
    ),
    "a removed volume": lose_the_data,
    "a removed image": lose_the_image,
    "a removed check": lambda one: remove(one, "api.ready"),
    "another source": lambda one: edit(one, '"one"', '"two"', "server.py"),
    "a secret": lambda one: command(one, "secret", "set", "WORD", "--from-env", "WORD"),
    "a setting": lambda one: command(one, "config", "set", "ttl", "2d"),
}


@pytest.mark.parametrize("kind", DRIFT)
def test_what_differs_is_for_the_engine(preview: Preview, kind: str) -> None:
    before = runs(preview)
    DRIFT[kind](preview)
    preview.up()
    assert runs(preview) > before
    assert preview.states() == {"api": "ready", "cache": "ready"}
    assert preview.ask("api", "/status/200").status == 200
    assert_past_the_engine(preview)


def test_pulumi_agrees(preview: Preview) -> None:
    assert_past_the_engine(preview)
    agreed = pulumi(preview, "preview", "--expect-no-changes")
    assert agreed.code == 0, agreed.text
    refreshed = pulumi(preview, "refresh", "--preview-only", "--expect-no-changes")
    assert refreshed.code == 0, refreshed.text


def test_an_older_state(preview: Preview, tmp_path: Path) -> None:
    """Restored with its configuration and tags, as from a backup of the home."""
    with kept(preview, tmp_path):
        edit(preview, "CHANGED", "RENAMED")
        preview.up()
    before = runs(preview)
    preview.up()
    assert runs(preview) > before
    assert "RENAMED" in preview.ask("api", "/env").json


@contextlib.contextmanager
def kept(preview: Preview, folder: Path) -> Iterator[None]:
    """Afterwards the files are as they were before."""
    for name in KEPT:
        shutil.copytree(preview.galley.home / name, folder / name)
    yield
    for name in KEPT:
        for path in (folder / name).glob(f"*{preview.name}*"):
            shutil.copy2(path, preview.galley.home / name / path.name)


def test_what_is_noted_all_the_same(preview: Preview) -> None:
    """The time of the last activity, and the commit, though it changes nothing."""
    first, begun = noted(preview), time.time()
    preview.repository.git("commit", "--allow-empty", "--quiet", "--message", "nothing")
    assert_past_the_engine(preview)
    second = noted(preview)
    assert timing.seconds(second["galley:activity"]) > begun - 1, "to the second"
    assert second["galley:commit"] == (preview.repository.path / ".git/refs/heads/main").read_text().strip()
    assert second["galley:proof"] == first["galley:proof"]


def noted(preview: Preview) -> dict[str, str]:
    """The tags as Pulumi reads them."""
    listed = pulumi(preview, "stack", "tag", "ls", "--json")
    assert listed.code == 0, listed.text
    found: dict[str, str] = listed.json
    return found
