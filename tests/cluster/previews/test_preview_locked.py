"""A registry with a password: the engine pushes with it, the node pulls with the preview's pull secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.previews import locked
from tests.cluster.previews.conftest import MakeClusterPreview
from tests.cluster.previews.preview import ClusterPreview
from tests.integration.conftest import MakeRepository
from tests.integration.harness.command import Completed
from tests.integration.harness.registry import Registry

MANIFEST = """
    version: 1
    services:
      worker: {kind: worker, build: {path: ./}}
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with locked.on_node(tmp_path_factory.mktemp("registry")) as made:
        assert made.answers() == 401, "it wants a password"
        yield made


@pytest.fixture(scope="module")
def preview(
    make_repository: MakeRepository, make_cluster_preview: MakeClusterPreview, registry: Registry
) -> Iterator[ClusterPreview]:
    """Its project has the registry for its own, and no login for it yet."""
    with make_cluster_preview(make_repository(name="klocked").manifest(MANIFEST)) as made:
        at = made.repository.path
        done = made.galley("config", "set", "registry", f"http://{registry.host}/team", at=at)
        assert done.code == 0, done.text
        yield made


def up(preview: ClusterPreview, config: Path) -> Completed:
    """With a Docker configuration that knows no login."""
    words = ("up", "--branch", preview.branch, "--target", "kubernetes")
    return preview.galley(*words, at=preview.repository.path, DOCKER_CONFIG=str(config))


def log_in(preview: ClusterPreview, registry: Registry) -> None:
    """The password on standard input."""
    command = [str(preview.galley.program), "registry", "login", registry.host, "-u", registry.user]
    shell = ["sh", "-c", 'printf %s "$PASSWORD" | "$@"', "sh", *command]
    done = preview.galley.run(shell, at=preview.repository.path, PASSWORD=registry.password)
    assert done.code == 0, done.text


def test_without_a_login_it_says_what_to_do(preview: ClusterPreview, tmp_path: Path) -> None:
    done = up(preview, tmp_path)
    assert done.code == 1, done.text
    assert "could not be pushed to the cluster's registry" in done.err
    assert "`galley registry login HOST -u USER`" in done.err


def test_with_one_the_node_pulls_by_the_preview_s_secret(
    preview: ClusterPreview, registry: Registry, tmp_path: Path
) -> None:
    log_in(preview, registry)
    done = up(preview, tmp_path)
    assert done.code == 0, done.text
    assert preview.states() == {"worker": "running"}
    pod = preview.cluster.pods(preview.name)["worker"]
    assert pod.spec.containers[0].image.startswith(
        f"{registry.host}/team/galley-{preview.repository.project}@"
    )
    (secret,) = pod.spec.image_pull_secrets
    made = preview.cluster.core.read_namespaced_secret(secret.name, preview.name)
    assert made.type == "kubernetes.io/dockerconfigjson"


def test_the_password_is_in_no_file_in_the_open(preview: ClusterPreview, registry: Registry) -> None:
    """The state and the configuration have it encrypted."""
    files = [path for path in preview.galley.home.rglob("*") if path.is_file()]
    assert any(preview.name in path.name for path in files)
    texts = {path.name: path.read_bytes() for path in files}
    assert [name for name, text in texts.items() if registry.password.encode() in text] == []
    assert [name for name, text in texts.items() if registry.auth.encode() in text] == []
