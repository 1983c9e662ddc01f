"""What a preview needs of a cluster, tried with pods: images, names, ingress, storage, logs."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from kubernetes import client, config

from galley_iac.toolchain import pins
from galley_iac.toolchain.cluster.access import Access
from tests.cluster.harness import Space, until

MakeSpace = Callable[[], AbstractContextManager[Space]]


@pytest.fixture(scope="module")
def ours(make_space: MakeSpace) -> Iterator[Space]:
    """A namespace with a server ``web`` and a pod ``asker``."""
    with make_space() as inside:
        inside.server("web")
        inside.server("asker")
        inside.wait_for("web", "asker")
        yield inside


@pytest.fixture(scope="module")
def theirs(make_space: MakeSpace) -> Iterator[Space]:
    """Another namespace, with a pod ``stranger``."""
    with make_space() as inside:
        inside.server("stranger")
        inside.wait_for("stranger")
        yield inside


def test_it_is_the_pinned_kubernetes(cluster: Access) -> None:
    if not cluster.ours:
        pytest.skip("another cluster has been named, and its version is its own")
    api = config.new_client_from_config(str(cluster.kubeconfig), cluster.context)
    assert client.VersionApi(api).get_code().git_version == f"v{pins.KUBERNETES}"


def test_services_are_found_by_name(ours: Space, theirs: Space) -> None:
    assert ours.reaches("asker", "web")
    assert theirs.reaches("stranger", f"web.{ours.name}")
    assert not ours.reaches("asker", "nobody")


def test_the_ingress_serves_a_host_name(ours: Space, cluster: Access) -> None:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    rule = {"host": f"{ours.name}.localhost", "http": {"paths": [{"path": "/", "pathType": "Prefix"}]}}
    rule["http"]["paths"][0]["backend"] = backend
    body = {"metadata": {"name": "web"}, "spec": {"ingressClassName": "traefik", "rules": [rule]}}
    ours.networking.create_namespaced_ingress(ours.name, body)

    assert until(lambda: _status(cluster, f"{ours.name}.localhost") == 200)
    assert _status(cluster, "unknown.localhost") == 404
    published = until(
        lambda: ours.networking.read_namespaced_ingress("web", ours.name).status.load_balancer.ingress
    )
    assert published[0].ip


def _status(cluster: Access, host: str) -> int:
    """Straight to the ingress, without the machine's proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(f"http://{cluster.ingress}/", headers={"Host": host})
    try:
        with opener.open(request, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_a_volume_outlives_its_pod_and_not_its_claim(ours: Space) -> None:
    claim = {
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}},
    }
    ours.core.create_namespaced_persistent_volume_claim(ours.name, claim)
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    mounts = [{"name": "data", "mountPath": "/data"}]
    ours.pod("writer", ["sh", "-c", "echo kept > /data/file; sleep 600"], volumes=volumes, mounts=mounts)
    ours.wait_for("writer")
    assert until(lambda: ours.run("writer", "cat", "/data/file") == "kept\n")
    ours.core.delete_namespaced_pod("writer", ours.name)

    ours.pod("reader", ["sleep", "600"], volumes=volumes, mounts=mounts)
    ours.wait_for("reader")
    assert ours.run("reader", "cat", "/data/file") == "kept\n"

    volume = ours.core.read_namespaced_persistent_volume_claim("data", ours.name).spec.volume_name
    ours.core.delete_namespaced_pod("reader", ours.name)
    ours.core.delete_namespaced_persistent_volume_claim("data", ours.name)
    assert until(
        lambda: volume not in [one.metadata.name for one in ours.core.list_persistent_volume().items]
    )


def test_what_a_pod_prints_is_read(ours: Space) -> None:
    ours.pod("talker", ["sh", "-c", "echo hello; sleep 600"])
    ours.wait_for("talker")
    assert until(lambda: ours.core.read_namespaced_pod_log("talker", ours.name) == "hello\n")
