"""What of a preview lives on the engine, as data."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import docker

from galley_iac.engine import labels
from galley_iac.engine.digest import digest

_NANO = 1_000_000_000
_AT_WORK = ("running", "restarting", "paused")
_NEVER = "0001-"
"""How Docker's timestamps begin where there is none."""


@dataclass(frozen=True)
class LiveContainer:
    """A container as the engine has it. ``state`` is Docker's: created, running, restarting, exited, ..."""

    id: str
    name: str
    service: str
    role: str
    state: str
    exit_code: int
    restarts: int
    oom_killed: bool
    image: str
    """As the container was given it: the provider gives the image's id."""
    image_name: str
    """As people know it: a pulled image's reference, a built one's tag; the id where there is neither."""
    started_at: str
    kind: str = ""
    exposed: int | None = None
    restart: str = ""
    run: str = ""
    error: str = ""
    urls: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[int, int] = field(default_factory=dict)
    """Published ports: the container's → the host's."""
    finished_at: str = ""
    """When it ended the last time, also where it has been started again since; empty when it never has."""
    memory_limit: int = 0
    """In bytes; 0 means none."""
    cpu_limit: float = 0.0
    """In CPUs; 0 means none."""
    keeps_data: bool = False
    """Whether a volume is mounted."""
    networks: frozenset[str] | None = None
    """The names of those that it is on, whether or not it runs; None where that is not known."""


@dataclass(frozen=True)
class LiveNetwork:
    """A network, its subnets, its labels, and the names of the containers that are attached to it."""

    id: str
    name: str
    subnets: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    attached: tuple[str, ...] = ()


@dataclass(frozen=True)
class Live:
    """Every object that carries one preview's label."""

    containers: tuple[LiveContainer, ...] = ()
    networks: tuple[LiveNetwork, ...] = ()
    volumes: tuple[str, ...] = ()
    identities: frozenset[str] = frozenset()
    """Fingerprints of those that the objects belong to: one, unless two share a name."""
    digest: str = ""
    """Changes with anything of them that matters (:mod:`galley_iac.engine.digest`)."""

    def __bool__(self) -> bool:
        return bool(self.containers or self.networks or self.volumes)

    @property
    def ids(self) -> frozenset[str]:
        """What Pulumi's state knows the objects by: ids of containers and networks, names of volumes."""
        return frozenset([*(c.id for c in self.containers), *(n.id for n in self.networks), *self.volumes])

    def container(self, service: str, *roles: str) -> LiveContainer | None:
        """The container of a service with one of ``roles`` (default: the service itself or its job)."""
        wanted = roles or (labels.ROLE_SERVICE, labels.ROLE_JOB)
        for container in self.containers:
            if container.service == service and container.role in wanted:
                return container
        return None

    @property
    def urls(self) -> Mapping[str, str]:
        """Service → URL, as the router's label has them."""
        return next((c.urls for c in self.containers if c.role == labels.ROLE_ROUTER), {})

    @property
    def project(self) -> str:
        """Whose preview it is, as the network's label has it; empty where there is no network."""
        return next((network.labels.get(labels.PROJECT, "") for network in self.networks), "")

    @property
    def lasting(self) -> tuple[LiveContainer, ...]:
        """The containers that are there to stay: the services' and the router's."""
        return tuple(c for c in self.containers if c.role in (labels.ROLE_SERVICE, labels.ROLE_ROUTER))

    @property
    def awake(self) -> bool:
        """Whether any of them is at work; a restart loop is work too."""
        return any(container.state in _AT_WORK for container in self.lasting)

    def describe(self) -> list[str]:
        """One line per object, for messages."""
        found = [f"container {c.name} ({c.state})" for c in self.containers]
        return found + [f"network {n.name}" for n in self.networks] + [f"volume {v}" for v in self.volumes]


def observe(client: docker.DockerClient, preview: str) -> Live:
    """All objects labelled with the preview's name; consistent only as far as the engine is at rest."""
    selector = {"label": f"{labels.PREVIEW}={preview}"}
    found = client.api.containers(all=True, filters=selector)
    networks = client.api.networks(filters=selector)
    volumes = client.api.volumes(filters=selector).get("Volumes") or []
    owned = [entry.get("Labels") or {} for entry in (*found, *networks, *volumes)]
    containers = list(_inspected(client.api.inspect_container, found))
    joined = list(_inspected(client.api.inspect_network, networks))
    return Live(
        tuple(sorted(_containers(client, containers), key=lambda c: c.name)),
        tuple(map(_network, joined)),
        tuple(sorted(volume["Name"] for volume in volumes)),
        frozenset(own[labels.IDENTITY] for own in owned if labels.IDENTITY in own),
        digest(containers, joined, volumes),
    )


def observe_all(client: docker.DockerClient) -> dict[str, Live]:
    """Every preview that has any object on the engine, by name."""
    listed = [
        *(c["Labels"] for c in client.api.containers(all=True, filters={"label": labels.PREVIEW})),
        *(n["Labels"] for n in client.api.networks(filters={"label": labels.PREVIEW})),
        *(v["Labels"] for v in client.api.volumes(filters={"label": labels.PREVIEW}).get("Volumes") or []),
    ]
    return {name: observe(client, name) for name in sorted({own[labels.PREVIEW] for own in listed})}


def _inspected(
    inspect: Callable[[str], Mapping[str, Any]], found: Iterable[Mapping[str, Any]]
) -> Iterable[Mapping[str, Any]]:
    """One by one, since a list does not say everything; one may go away meanwhile."""
    for entry in found:
        with contextlib.suppress(docker.errors.NotFound):
            yield inspect(entry["Id"])


def _containers(client: docker.DockerClient, found: Iterable[Mapping[str, Any]]) -> Iterable[LiveContainer]:
    names: dict[str, str] = {}
    for info in found:
        image = info["Image"]
        names[image] = names.get(image) or _image_name(client, image, _project(info))
        yield _container(info, names[image])


def _project(info: Mapping[str, Any]) -> str:
    return str((info["Config"].get("Labels") or {}).get(labels.PROJECT, ""))


def _image_name(client: docker.DockerClient, identifier: str, project: str) -> str:
    """A tag of the image, the project's own first: other projects may have built the same content."""
    try:
        tags: list[str] = client.api.inspect_image(identifier)["RepoTags"] or []
    except docker.errors.NotFound:
        return identifier
    return min(tags, key=lambda tag: (f"galley-{project}:" not in tag, tag), default=identifier)


def _container(info: Mapping[str, Any], image_name: str) -> LiveContainer:
    state, own = info["State"], info["Config"].get("Labels") or {}
    return LiveContainer(
        id=info["Id"],
        name=info["Name"].lstrip("/"),
        service=own.get(labels.SERVICE, ""),
        role=own.get(labels.ROLE, ""),
        state=state["Status"],
        exit_code=state["ExitCode"],
        restarts=info.get("RestartCount", 0),
        oom_killed=state.get("OOMKilled", False),
        image=info["Config"]["Image"],
        image_name=own.get(labels.IMAGE) or image_name,
        started_at=state["StartedAt"],
        kind=own.get(labels.KIND, ""),
        exposed=int(own[labels.PORT]) if own.get(labels.PORT) else None,
        restart=(info["HostConfig"].get("RestartPolicy") or {}).get("Name", ""),
        run=own.get(labels.RUN, ""),
        error=state.get("Error", ""),
        urls=json.loads(own.get(labels.URLS) or "{}"),
        ports=_ports(info),
        finished_at=_ended_at(state),
        memory_limit=info["HostConfig"].get("Memory") or 0,
        cpu_limit=(info["HostConfig"].get("NanoCpus") or 0) / _NANO,
        keeps_data=any(mount.get("Type") == "volume" for mount in info.get("Mounts") or ()),
        networks=frozenset(info["NetworkSettings"]["Networks"]) if "NetworkSettings" in info else None,
    )


def _ended_at(state: Mapping[str, Any]) -> str:
    stamp = str(state.get("FinishedAt", ""))
    return "" if stamp.startswith(_NEVER) else stamp


def _ports(info: Mapping[str, Any]) -> Mapping[int, int]:
    """The declared bindings, which a stopped container has too."""
    bindings = info["HostConfig"].get("PortBindings") or {}
    return {
        int(inside.partition("/")[0]): int(outside[0]["HostPort"])
        for inside, outside in bindings.items()
        if outside and outside[0].get("HostPort")
    }


def _network(info: Mapping[str, Any]) -> LiveNetwork:
    subnets = tuple(entry["Subnet"] for entry in info["IPAM"].get("Config") or [] if "Subnet" in entry)
    attached = tuple(sorted(entry["Name"] for entry in (info.get("Containers") or {}).values()))
    return LiveNetwork(info["Id"], info["Name"], subnets, info.get("Labels") or {}, attached)
