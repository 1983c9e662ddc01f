"""An update that has nothing to do does nothing, however often it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.conftest import MakePreview, MakeRepository
from tests.integration.harness.preview import Preview

MANIFEST = """
    version: 1
    services:
      api:
        kind: api
        build: {path: ./}
        expose: 8000
        depends_on: [cache, migrate]
        env: {OWN: "${GALLEY_PREVIEW_URL_api}", CHANGED: "no"}
        health: {path: /healthz, timeout: 20s}
        resources: {cpus: "0.50", memory: 64Mi}
      worker:
        kind: worker
        build: {path: ./, start: "python3 -u /server.py"}
        resources: {cpus: "1"}
      migrate:
        kind: worker
        restart: never
        build: {path: ./, start: "echo migrated && true"}
      scratch:
        kind: cache
        image: redis:7-alpine
        expose: 6379
        ephemeral: true
      cache:
        kind: cache
        image: redis:7-alpine
        expose: 6379
        resources: {cpus: "0.5", memory: 1g}
"""


@pytest.fixture(scope="module")
def preview(make_repository: MakeRepository, make_preview: MakePreview) -> Iterator[Preview]:
    with make_preview(make_repository().manifest(MANIFEST)) as made:
        made.up()
        yield made


def started(preview: Preview) -> dict[str, tuple[str, str]]:
    """Every container's id and the moment of its last start."""
    found = preview.engine.containers(preview.name)
    return {name: (info["Id"], info["State"]["StartedAt"]) for name, info in found.items()}


def test_nothing_changes_five_times_running(preview: Preview) -> None:
    before, volumes = started(preview), preview.left()
    for _ in range(5):
        done = preview.up()
        assert "nothing to change" in done.err
    assert started(preview) == before
    assert preview.left() == volumes


def test_not_even_when_everything_is_compared_with_the_engine_first(preview: Preview) -> None:
    before = started(preview)
    assert "nothing to change" in preview.up("--full").err
    assert started(preview) == before


def test_the_engines_own_diff_is_empty_until_something_changes(preview: Preview) -> None:
    assert preview.run("preview", "--json").json["steps"] == []
    preview.repository.replace("galley.yaml", 'CHANGED: "no"', 'CHANGED: "yes"')
    try:
        steps = preview.run("preview", "--json").json["steps"]
        replaced = {step["name"] for step in steps if step["operation"] == "replace"}
        assert "api" in replaced
        assert {"worker", "cache", "migrate"}.isdisjoint(replaced)
    finally:
        preview.repository.replace("galley.yaml", 'CHANGED: "yes"', 'CHANGED: "no"')


def test_a_touched_file_is_no_change(preview: Preview) -> None:
    (preview.repository.path / "server.py").touch()
    assert "nothing to change" in preview.up().err


def test_the_limits_are_those_of_the_manifest(preview: Preview) -> None:
    found = preview.engine.containers(preview.name)
    limits = {
        name: (info["HostConfig"]["NanoCpus"], info["HostConfig"]["Memory"]) for name, info in found.items()
    }
    assert limits["api"] == (500_000_000, 64 << 20)
    assert limits["worker"] == (1_000_000_000, 1 << 30)
