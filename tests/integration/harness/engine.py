"""What the tests see of the Docker engine, by its own API and never through the code that is tested."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import docker

PREVIEW = "galley.preview"
SERVICE = "galley.service"
ROLE = "galley.role"
TEST = "galley-test"
"""The label of what a test makes by itself; its value is the session."""


@dataclass(frozen=True)
class Engine:
    """An engine and the session whose objects end with its suffix."""

    host: str
    client: docker.DockerClient
    session: str

    def of(self, preview: str) -> list[str]:
        """Every container, network and volume with the preview's label, in words and in order."""
        return sorted(self._listed({"label": f"{PREVIEW}={preview}"}))

    def of_session(self) -> list[str]:
        """The same for all previews of this session, and what its tests made by themselves."""
        mine = [name for name in self._previews() if name.endswith(f"-{self.session}")]
        own = self._listed({"label": f"{TEST}={self.session}"})
        return own + [line for name in mine for line in self.of(name)]

    def containers(self, preview: str) -> dict[str, dict[str, Any]]:
        """Everything known about each container, by its name's part after the preview's."""
        found = self.client.api.containers(all=True, filters={"label": f"{PREVIEW}={preview}"})
        inspected = [self.client.api.inspect_container(entry["Id"]) for entry in found]
        return {info["Name"].lstrip("/").removeprefix(f"{preview}."): info for info in inspected}

    def networks(self, preview: str) -> list[dict[str, Any]]:
        """The preview's networks."""
        found = self.client.api.networks(filters={"label": f"{PREVIEW}={preview}"})
        return [self.client.api.inspect_network(entry["Id"]) for entry in found]

    def execute(self, container: str, command: Sequence[str]) -> tuple[int, str]:
        """Runs a command in a container; its exit code and output."""
        done = self.client.containers.get(container).exec_run(list(command))
        return done.exit_code, done.output.decode("utf-8", "replace")

    @contextlib.contextmanager
    def guest(self, network: str) -> Iterator[Any]:
        """A container that is not a preview's, attached to a network for as long as the context lasts."""
        made = self.client.containers.run(
            "python:3.12-alpine", ["sleep", "300"], network=network, labels={TEST: self.session}, detach=True
        )
        try:
            yield made
        finally:
            with contextlib.suppress(docker.errors.NotFound):
                made.remove(force=True)

    def sweep(self) -> None:
        """Removes what a failed session left, only what is its own, and the images that it built."""
        for name in [name for name in self._previews() if name.endswith(f"-{self.session}")]:
            self._remove({"label": f"{PREVIEW}={name}"})
        self._remove({"label": f"{TEST}={self.session}"})
        for image in self.client.api.images():
            for tag in image["RepoTags"] or ():
                if tag.rpartition(":")[0].endswith(f"-{self.session}"):
                    self.client.api.remove_image(tag, force=True)

    def _previews(self) -> set[str]:
        api, every = self.client.api, {"label": PREVIEW}
        entries = [*api.containers(all=True, filters=every), *api.networks(filters=every)]
        entries += api.volumes(filters=every).get("Volumes") or []
        return {entry["Labels"][PREVIEW] for entry in entries}

    def _listed(self, filters: dict[str, str]) -> list[str]:
        api = self.client.api
        return [
            *(f"container {entry['Names'][0]}" for entry in api.containers(all=True, filters=filters)),
            *(f"network {entry['Name']}" for entry in api.networks(filters=filters)),
            *(f"volume {entry['Name']}" for entry in api.volumes(filters=filters).get("Volumes") or ()),
        ]

    def _remove(self, filters: dict[str, str]) -> None:
        api = self.client.api
        for entry in api.containers(all=True, filters=filters):
            api.remove_container(entry["Id"], force=True, v=True)
        for entry in api.networks(filters=filters):
            api.remove_network(entry["Id"])
        for entry in api.volumes(filters=filters).get("Volumes") or ():
            api.remove_volume(entry["Name"])
