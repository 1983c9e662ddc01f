"""``down``: nothing is left, whatever has happened to the preview before; and ``up`` after the same."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.command import Completed
from tests.integration.harness.preview import Preview
from tests.integration.harness.repository import Repository

MANIFEST = """
    version: 1
    services:
      api:
        kind: api
        build: {path: ./}
        expose: 8000
        depends_on: [cache]
        health: {path: /healthz, timeout: 20s}
      cache:
        kind: cache
        image: redis:7-alpine
        expose: 6379
"""


ALONE = """
    version: 1
    services:
      cache:
        kind: cache
        image: redis:7-alpine
        expose: 6379
"""


@pytest.fixture(scope="module")
def preview(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    """Shared by the tests that leave it running."""
    with make_preview(make_repository().manifest(MANIFEST)) as made:
        made.up()
        yield made


@pytest.fixture
def doomed(small: Repository, make_preview: MakePreview) -> Iterator[Preview]:
    with make_preview(small.manifest(ALONE)) as made:
        made.up()
        yield made


def remove(preview: Preview, *names: str) -> None:
    """As somebody does who does not know better: ``docker rm -f``."""
    for name in names:
        preview.engine.client.api.remove_container(preview.ids()[name], force=True)


def remove_all(preview: Preview) -> None:
    """All containers and the network."""
    remove(preview, *preview.ids())
    for network in preview.engine.networks(preview.name):
        preview.engine.client.api.remove_network(network["Id"])


def test_down_leaves_nothing_and_can_be_said_twice(doomed: Preview) -> None:
    kinds = {line.partition(" ")[0] for line in doomed.left()}
    assert kinds == {"container", "network", "volume"}
    assert doomed.name in listed(doomed)
    done = doomed.run("down", "--json")
    assert done.code == 0
    assert done.json == {
        "preview": doomed.name,
        "state": "absent",
        "removed": {"containers": 2, "networks": 1, "volumes": 1},
    }
    assert doomed.left() == []
    again = doomed.run("down")
    assert again.code == 0
    assert "nothing to remove" in again.err
    assert doomed.name not in listed(doomed)
    assert doomed.status()["state"] == "absent"


def listed(preview: Preview) -> list[str]:
    """Every preview that ``ls`` shows."""
    return [one["preview"] for one in preview.galley("ls", "--json", at=preview.repository.path).json]


def test_down_when_everything_was_removed_by_hand(doomed: Preview) -> None:
    remove_all(doomed)
    assert doomed.left() != [], "the volume"
    assert doomed.run("down").code == 0
    assert doomed.left() == []


def pulumi(preview: Preview, *words: str, stack: str = "") -> Completed:
    """Pulumi itself, on the preview's stack unless another is named."""
    more = preview.galley("env", "--json", at=preview.repository.path).json
    command = [str(preview.galley.tools.pulumi), *words, "--stack", stack or preview.name]
    done = preview.galley.run(command, at=preview.galley.home / "workspace", **more)
    assert done.code == 0, done.text
    return done


def test_down_when_the_first_update_came_no_further_than_its_provider(doomed: Preview) -> None:
    """Pulumi does not forget a stack that has any resource, and the engine's objects are not all."""
    resources = json.loads(pulumi(doomed, "stack", "export").out)["deployment"]["resources"]
    objects = [entry["urn"] for entry in resources if entry["type"].startswith("docker:")]
    targets = [word for urn in objects for word in ("--target", urn)]
    pulumi(doomed, "destroy", "--yes", "--skip-preview", "--non-interactive", *targets)
    assert doomed.left() == []
    kept = json.loads(pulumi(doomed, "stack", "export").out)["deployment"]["resources"]
    assert [entry["type"] for entry in kept] == [
        "pulumi:pulumi:Stack",
        "galley:index:Preview",
        "pulumi:providers:docker",
    ]
    done = doomed.run("down")
    assert done.code == 0, done.text
    assert doomed.name not in listed(doomed)
    stacks = doomed.galley.home / "state" / ".pulumi" / "stacks" / "galley"
    assert not (stacks / f"{doomed.name}.json").exists()


def test_what_a_stack_of_another_name_has_made_is_refused(doomed: Preview) -> None:
    """As plain `pulumi up` calls it, whose stacks may have any name."""
    other = f"by-hand-{doomed.repository.project}"
    before = doomed.ids()
    pulumi(doomed, "stack", "rename", other)
    try:
        for verb in ("up", "down"):
            done = doomed.run(verb)
            assert done.code == 2, done.text
            assert f"{doomed.name} was brought up as the stack {other}, by plain `pulumi`" in done.err
        assert doomed.ids() == before
    finally:
        pulumi(doomed, "stack", "rename", doomed.name, stack=other)
    assert "nothing to change" in doomed.up().err


def test_down_without_the_manifest(doomed: Preview) -> None:
    doomed.repository.manifest_path.unlink()
    assert doomed.run("down").code == 0
    assert doomed.left() == []


def test_a_stranger_on_the_network_is_named(preview: Preview) -> None:
    with preview.engine.guest(preview.name) as guest:
        before = preview.left()
        done = preview.run("down")
        assert done.code == 1
        assert guest.name in done.err
        assert f"docker network disconnect {preview.name} {guest.name}" in done.err
        assert preview.left() == before, "nothing is removed before all can be"


def test_up_brings_back_what_was_removed_by_hand(preview: Preview) -> None:
    before = preview.ids()
    remove(preview, "api", "router")
    preview.up()
    after = preview.ids()
    assert after["api"] != before["api"]
    assert after["cache"] == before["cache"]
    assert preview.ask("api").status == 200
    assert "nothing to change" in preview.up().err


def test_up_brings_back_a_removed_network(preview: Preview) -> None:
    remove_all(preview)
    preview.up()
    assert preview.ask("api").status == 200


def test_up_starts_what_was_stopped(preview: Preview) -> None:
    container = preview.engine.client.containers.get(preview.ids()["cache"])
    container.stop(timeout=1)
    assert preview.states()["cache"] == "crashed"
    preview.up()
    assert preview.states() == {"api": "ready", "cache": "ready"}
    assert preview.ask("api").status == 200
