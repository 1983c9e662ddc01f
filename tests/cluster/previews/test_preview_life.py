"""Sleep and waking on a cluster, with the data; a preview that stays, a namespace that is another's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.previews.conftest import MakeClusterPreview
from tests.cluster.previews.preview import ClusterPreview
from tests.integration.conftest import MakeRepository
from tests.integration.harness.web import eventually

MANIFEST = """
    version: 1
    services:
      api:
        kind: api
        build: {path: ./}
        expose: 8000
        depends_on: [cache]
        health: {path: /}
      cache: {kind: cache, image: "redis:7-alpine", expose: 6379}
"""
KEEP = "redis-cli set key kept && redis-cli save"


@pytest.fixture(scope="module")
def preview(
    make_repository: MakeRepository, make_cluster_preview: MakeClusterPreview
) -> Iterator[ClusterPreview]:
    repository = make_repository(name="klife").manifest(MANIFEST)
    with make_cluster_preview(repository) as made:
        made.up()
        yield made


def keep(preview: ClusterPreview, service: str) -> None:
    code, said = preview.execute(service, "sh", "-c", KEEP)
    assert code == 0, said


def kept(preview: ClusterPreview, service: str) -> bool:
    return "kept" in preview.execute(service, "redis-cli", "get", "key")[1]


def test_asleep_and_awake_with_its_data(preview: ClusterPreview) -> None:
    keep(preview, "cache")
    assert preview.run("sleep").code == 0
    assert preview.ids() == {}
    assert preview.status()["state"] == "asleep"
    assert preview.run("wake").code == 0
    eventually(lambda: preview.ask("api").status == 200, "the controller sees the new pod")
    assert kept(preview, "cache")


def test_it_stays_where_it_is(preview: ClusterPreview) -> None:
    done = preview.galley("up", "--branch", preview.branch, "--target", "docker", at=preview.repository.path)
    assert done.code == 2
    assert f"{preview.name} lives on the cluster" in done.err


def test_a_namespace_that_is_no_preview_s_is_never_touched(
    make_repository: MakeRepository, make_cluster_preview: MakeClusterPreview
) -> None:
    stranger = make_cluster_preview(make_repository(name="kstranger").manifest(MANIFEST))
    core = stranger.cluster.core
    core.create_namespace({"metadata": {"name": stranger.name}})
    try:
        done = stranger.run("up")
        assert done.code == 2, done.text
        assert f"the cluster has a namespace {stranger.name} that is no preview's" in done.err
        assert stranger.run("down").code == 0
        assert core.read_namespace(stranger.name).status.phase == "Active"
    finally:
        core.delete_namespace(stranger.name)
