"""Previews on the cluster: the command, its engine and repositories are those of the tests on Docker."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import docker
import pytest

from galley_iac.toolchain.cluster.access import Access
from tests.cluster.previews.preview import PUSHED, Cluster, ClusterPreview, settings
from tests.integration.conftest import MakeRepository, engine, galley, make_repository, session, small
from tests.integration.harness.command import Galley
from tests.integration.harness.engine import Engine
from tests.integration.harness.repository import EXAMPLES, Repository

__all__ = ["engine", "galley", "make_repository", "session", "small"]

MakeClusterPreview = Callable[..., ClusterPreview]


@pytest.fixture(scope="session")
def pushed(engine: Engine, cluster: Access) -> Iterator[None]:
    """Takes the names by which the tests pushed images from the engine at the end; the images stay."""
    yield
    for image in engine.client.api.images():
        for tag in image["RepoTags"] or ():
            if tag.startswith(f"{cluster.registry}/{PUSHED}/"):
                with contextlib.suppress(docker.errors.APIError):
                    engine.client.api.remove_image(tag, noprune=True)


@pytest.fixture(scope="session")
def make_cluster_preview(
    galley: Galley,
    engine: Engine,
    cluster: Access,
    pushed: None,  # noqa: ARG001
) -> Iterator[MakeClusterPreview]:
    """Makes previews on the cluster, to be used as context managers; a project is set up once."""
    reached, ready = Cluster.of(cluster), set[str]()

    def make(of: Repository, branch: str = "main") -> ClusterPreview:
        if of.project not in ready:
            for name, value in settings(cluster).items():
                done = galley("config", "set", name, value, at=of.path)
                assert done.code == 0, done.text
            ready.add(of.project)
        return ClusterPreview(galley, engine, of, branch, reached)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", str(cluster.kubeconfig))
        yield make


@pytest.fixture(scope="session")
def seed(
    make_repository: MakeRepository, make_cluster_preview: MakeClusterPreview
) -> Iterator[ClusterPreview]:
    """examples/python as the preview of ``main``; a test that changes it leaves it running."""
    with make_cluster_preview(make_repository(EXAMPLES / "python", "kseed")) as preview:
        preview.up()
        yield preview


@pytest.fixture(scope="session")
def other(seed: ClusterPreview, make_cluster_preview: MakeClusterPreview) -> Iterator[ClusterPreview]:
    """The same source as the preview of another branch, beside the first."""
    with make_cluster_preview(seed.repository, "other") as preview:
        preview.up()
        yield preview
