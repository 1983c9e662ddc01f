"""The cluster that tests may use, and spaces in it. What a test makes lies in its space and goes with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import docker
import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import engine, paths
from galley_iac.toolchain.cluster import access, lifecycle
from galley_iac.toolchain.cluster.access import Access
from tests.cluster.harness import Space, means, space

WORKLOAD = "python:3.12-alpine"
"""Present in every engine for tests: it serves and it asks."""


@pytest.fixture(scope="session")
def cluster() -> Iterator[Access]:
    """``kubeconfig``, ``context``, ``registry`` (push and pull) and ``ingress`` (HTTP), each HOST:PORT.

    One that runs is used and left running, one that the session starts is ended with it.
    """
    found = access.for_tests()
    if found is not None:
        yield found
        return
    try:
        lifecycle.start(means(paths.layout()))
    except MachineError as error:
        pytest.fail(str(error), pytrace=False)
    started = access.find()
    assert started is not None
    yield started
    assert lifecycle.stop(paths.layout())


@pytest.fixture(scope="session")
def workload(cluster: Access) -> Iterator[str]:
    """The reference of an image with Python and a shell, in the cluster's registry."""
    client = docker.DockerClient(base_url=engine.for_tests().host, timeout=120)
    # Conformance has this fixture as one of its own, which pytest sets up and ends by itself.
    name = f"{cluster.registry}/galley-test/workload-{secrets.token_hex(3)}"
    client.images.get(WORKLOAD).tag(name, "1")
    try:
        events = client.api.push(name, "1", stream=True, decode=True)
        assert [event["error"] for event in events if "error" in event] == []
        yield f"{name}:1"
    finally:
        client.images.remove(f"{name}:1")
        client.close()


@pytest.fixture(scope="session")
def make_space(cluster: Access, workload: str) -> Callable[[], AbstractContextManager[Space]]:
    """Makes namespaces: ``with make_space() as inside``."""
    return lambda: space(cluster, workload)
