"""Objects of a preview as the engine would have them, and a client that answers from what it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from docker.errors import NotFound

from galley_iac.engine import labels
from galley_iac.engine.live import Live, LiveContainer, LiveNetwork

STARTED = "2020-01-01T00:00:00.123456789Z"


def container(
    service: str = "api", state: str = "running", role: str = "service", **more: Any
) -> LiveContainer:
    """A container of preview ``p``; ``more`` replaces any field."""
    name = f"p.{service}.ready" if role == "probe" else f"p.{service}"
    plain = {
        "id": name,
        "name": name,
        "service": service,
        "role": role,
        "state": state,
        "exit_code": 0,
        "restarts": 0,
        "oom_killed": False,
        "image": "sha256:1",
        "image_name": "acme/api:1",
        "started_at": STARTED,
        "kind": "api",
    }
    return LiveContainer(**{**plain, **more})


def probe(service: str = "api", state: str = "exited", **more: Any) -> LiveContainer:
    return container(service, state, "probe", **more)


def job(service: str = "migrate", state: str = "exited", **more: Any) -> LiveContainer:
    return container(service, state, "job", **{"kind": "worker", **more})


def router(**more: Any) -> LiveContainer:
    return container("router", role="router", **{"kind": "", **more})


def network(**more: Any) -> LiveNetwork:
    own = {labels.PROJECT: "shop", labels.PREVIEW: "p", labels.BRANCH: "main"}
    return LiveNetwork(**{"id": "n", "name": "p", "subnets": ("10.213.0.0/26",), "labels": own, **more})


def live(*containers: LiveContainer) -> Live:
    return Live(containers, (network(),))


class FakeApi:
    """Docker's low-level API over dictionaries: what was inspected is what is listed; calls are recorded."""

    def __init__(
        self,
        containers: Iterable[Mapping[str, Any]] = (),
        networks: Iterable[Mapping[str, Any]] = (),
        volumes: Iterable[Mapping[str, Any]] = (),
        images: Iterable[Mapping[str, Any]] = (),
        logs: Mapping[str, bytes] | None = None,
    ) -> None:
        self._containers = {info["Id"]: info for info in containers}
        self._networks = {info["Id"]: info for info in networks}
        self._volumes = list(volumes)
        self._images = list(images)
        self._logs = dict(logs or {})
        self.calls: list[tuple[str, ...]] = []

    def containers(
        self, all: bool = False, filters: Mapping[str, Any] | None = None
    ) -> list[Mapping[str, Any]]:
        found = [info for info in self._containers.values() if _selected(info["Config"]["Labels"], filters)]
        wanted = (filters or {}).get("status")
        running = [info for info in found if info["State"]["Status"] == (wanted or "running")]
        return [_listed(info) for info in (found if all else running)]

    def inspect_container(self, identifier: str) -> Mapping[str, Any]:
        return _known(self._containers, identifier)

    def networks(self, filters: Mapping[str, Any] | None = None) -> list[Mapping[str, Any]]:
        return [info for info in self._networks.values() if _selected(info["Labels"], filters)]

    def inspect_network(self, identifier: str) -> Mapping[str, Any]:
        return _known(self._networks, identifier)

    def volumes(self, filters: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        found = [info for info in self._volumes if _selected(info["Labels"], filters)]
        return {"Volumes": found or None}

    def images(self, filters: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        wanted = set(filters["reference"])
        return [info for info in self._images if wanted & set(info["RepoTags"] or ())]

    def inspect_image(self, identifier: str) -> Mapping[str, Any]:
        return _known({info["Id"]: info for info in self._images}, identifier)

    def logs(self, identifier: str, tail: int, **_: Any) -> bytes:
        return b"".join(_known(self._logs, identifier).splitlines(keepends=True)[-tail:])

    def kill(self, identifier: str) -> None:
        self.calls.append(("kill", identifier))

    def remove_container(self, identifier: str, v: bool, force: bool) -> None:
        assert (v, force) == (True, True), "an anonymous volume or a running container would stay"
        self._remove("container", self._containers, identifier)

    def remove_network(self, identifier: str) -> None:
        self._remove("network", self._networks, identifier)

    def remove_volume(self, name: str) -> None:
        self.calls.append(("remove volume", name))
        self._volumes = [info for info in self._volumes if info["Name"] != name]

    def _remove(self, kind: str, objects: dict[str, Any], identifier: str) -> None:
        _known(objects, identifier)
        del objects[identifier]
        self.calls.append((f"remove {kind}", identifier))


class FakeClient:
    """The part of Docker's client that is used: its low-level API."""

    def __init__(self, **objects: Any) -> None:
        self.api = FakeApi(**objects)


def info(name: str, own: Mapping[str, str] | None = None, **state: Any) -> dict[str, Any]:
    """A container as ``docker inspect`` has it; ``state`` replaces fields of its state."""
    plain = {"Status": "running", "ExitCode": 0, "OOMKilled": False, "StartedAt": STARTED, "Error": ""}
    return {
        "Id": f"id-{name}",
        "Name": f"/{name}",
        "Image": "sha256:1",
        "RestartCount": 0,
        "State": {**plain, **state},
        "Config": {"Image": "sha256:1", "Labels": dict(own or {})},
        "HostConfig": {"PortBindings": None, "RestartPolicy": {"Name": "no"}},
        "Ports": [],
    }


def network_info(
    name: str, own: Mapping[str, str], *subnets: str, attached: Sequence[str] = ()
) -> dict[str, Any]:
    """A network as ``docker network inspect`` has it."""
    return {
        "Id": f"id-{name}",
        "Name": name,
        "Labels": dict(own),
        "IPAM": {"Config": [{"Subnet": subnet} for subnet in subnets]},
        "Containers": {f"id-{one}": {"Name": one} for one in attached},
    }


def _listed(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"Id": entry["Id"], "Labels": entry["Config"]["Labels"], "Ports": entry.get("Ports", [])}


def _selected(own: Mapping[str, str] | None, filters: Mapping[str, Any] | None) -> bool:
    wanted = (filters or {}).get("label", [])
    terms = [wanted] if isinstance(wanted, str) else wanted
    pairs = [term.partition("=") for term in terms]
    return all(
        key in (own or {}) and (not equals or (own or {})[key] == value) for key, equals, value in pairs
    )


def _known(objects: Mapping[str, Any], identifier: str) -> Any:
    if identifier not in objects:
        raise NotFound(f"no such object: {identifier}")
    return objects[identifier]
