"""The edges of an engine: what an ``up`` needs to know of one, and who is behind it."""

from __future__ import annotations

from dataclasses import dataclass

import docker

from galley_iac.edge import names
from galley_iac.engine import labels
from galley_iac.errors import MachineError


def address(client: docker.DockerClient, edge: str) -> str:
    """The edge's address on the network that routers join; MachineError where there is no such edge."""
    try:
        found = client.api.inspect_network(names.network(edge))
    except docker.errors.NotFound:
        raise MachineError(
            f"there is no edge called {edge} on this engine",
            f"galley edge up --name {edge} --domain DOMAIN, or `galley config rm edge`",
        ) from None
    return str((found.get("Labels") or {}).get(labels.ADDRESS, ""))


def previews(client: docker.DockerClient, edge: str) -> list[str]:
    """The previews whose routers are on the edge's network, also those that sleep."""
    found = client.api.containers(all=True, filters={"network": names.network(edge)})
    return sorted({entry["Labels"][labels.PREVIEW] for entry in found if labels.PREVIEW in entry["Labels"]})


def container(client: docker.DockerClient, edge: str) -> str:
    """The id of the edge's container; empty where there is none."""
    found = client.api.containers(all=True, filters={"label": f"{labels.EDGE}={edge}"})
    return str(found[0]["Id"]) if found else ""


@dataclass(frozen=True)
class EdgeStatus:
    """How an edge is: Docker's word for its container's state, its ports, and who is behind it."""

    name: str
    state: str
    ports: tuple[str, ...] = ()
    previews: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether it runs."""
        return self.state == "running"

    def as_data(self) -> dict[str, object]:
        """For ``--json``."""
        return {"name": self.name, "state": self.state, "ports": self.ports, "previews": self.previews}

    def __str__(self) -> str:
        lines = [f"edge {self.name}: {self.state} {' '.join(self.ports)}".rstrip()]
        return "\n".join([*lines, *(f"  {preview}" for preview in self.previews)])


def status(client: docker.DockerClient, edge: str) -> EdgeStatus:
    """How the edge is; its state is ``absent`` where there is none."""
    found = container(client, edge)
    if not found:
        return EdgeStatus(edge, "absent")
    info = client.api.inspect_container(found)
    bound = (info["HostConfig"].get("PortBindings") or {}).values()
    ports = sorted(f"{one['HostIp']}:{one['HostPort']}" for places in bound for one in places or ())
    return EdgeStatus(edge, info["State"]["Status"], tuple(ports), tuple(previews(client, edge)))
