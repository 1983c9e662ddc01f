"""Containers that a test starts by hand, and the proof that it has removed them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import docker
import pytest

from galley_iac.toolchain import engine as toolchain_engine


@dataclass
class Box:
    """A network with the containers of one test."""

    client: docker.DockerClient
    network: Any

    def start(self, image: str, *command: str, name: str = "", **options: Any) -> Any:
        """Starts a container; others reach it as ``name``."""
        aliases = self.client.api.create_endpoint_config(aliases=[name]) if name else None
        config = {self.network.name: aliases} if aliases else None
        return self.client.containers.run(
            image,
            list(command) or None,
            detach=True,
            network=self.network.name,
            networking_config=config,
            labels={"galley.test": self.network.name},
            **options,
        )

    def output(self, image: str, *command: str, **options: Any) -> tuple[int, str]:
        """Runs a command in a new container: its exit code and all that it printed."""
        container = self.start(image, *command, **options)
        code = container.wait(timeout=60)["StatusCode"]
        return code, container.logs().decode()

    def volume(self) -> Any:
        """A new volume."""
        return self.client.volumes.create(labels={"galley.test": self.network.name})

    def clean(self) -> None:
        """Removes all that the test has made."""
        for container in self.containers():
            container.remove(force=True, v=True)
        for volume in self.client.volumes.list(filters={"label": f"galley.test={self.network.name}"}):
            volume.remove()
        self.network.remove()

    def containers(self) -> list[Any]:
        """What the test has started."""
        return list(
            self.client.containers.list(all=True, filters={"label": f"galley.test={self.network.name}"})
        )


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Waits; fails when the condition does not come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.1)


@pytest.fixture
def box() -> Iterator[Box]:
    client = docker.DockerClient(base_url=toolchain_engine.for_tests().host, timeout=60)
    network = client.networks.create(f"galley-test-{secrets.token_hex(4)}")
    used = Box(client, network)
    yield used
    used.clean()
    client.close()
