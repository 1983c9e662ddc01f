"""What of a preview lives on a cluster, as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from galley_iac.cluster import labels
from galley_iac.cluster.client import Api, Json
from galley_iac.manifest import units

_EVENTS = 200


@dataclass(frozen=True)
class Run:
    """One container of a pod. ``state`` is waiting, running or terminated; ``ended`` is how it ended last."""

    name: str
    state: str
    reason: str = ""
    message: str = ""
    restarts: int = 0
    exit_code: int | None = None
    """Of its last end, if there was one."""
    ended: str = ""
    """Why it ended last: Error, OOMKilled, Completed."""
    started_at: str = ""
    id: str = ""
    last_id: str = ""
    """The runtime's ids: of the present run, or the last while there is none; of that which ended last."""
    ended_at: str = ""


@dataclass(frozen=True)
class Pod:
    """A pod; ``unplaced`` says why no node takes it."""

    name: str
    service: str
    created_at: str
    ready: bool = False
    going: bool = False
    """Whether it is being removed."""
    unplaced: str = ""
    runs: Mapping[str, Run] = field(default_factory=dict)
    """By container."""

    @property
    def main(self) -> Run:
        """The service's own container; waiting until the node has taken it up."""
        return self.runs.get(self.service, Run(self.service, "waiting"))


@dataclass(frozen=True)
class Workload:
    """A Deployment or a Job."""

    name: str
    service: str
    role: str
    kind: str = ""
    image: str = ""
    url: str = ""
    user: str = ""
    """Of its image."""
    replicas: int = 1
    rolled: bool = True
    """Whether what was declared last is what runs: all of it, and nothing of before."""
    memory: int = 0
    """What its containers may use together, in bytes."""
    succeeded: bool = False
    failed: bool = False


@dataclass(frozen=True)
class Event:
    """What the cluster notes of an object; ``about`` is its name."""

    about: str
    reason: str
    message: str
    warning: bool
    at: str


@dataclass(frozen=True)
class Live:
    """Every object of one preview that says how it is. No ``namespace``: there is none of that name."""

    namespace: Json | None = None
    workloads: tuple[Workload, ...] = ()
    pods: tuple[Pod, ...] = ()
    claims: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    """Of the cluster, that belong to claims of the namespace, whether or not it is there still."""
    events: tuple[Event, ...] = ()

    def __bool__(self) -> bool:
        return self.namespace is not None or bool(self.volumes)

    @property
    def identity(self) -> str:
        """The fingerprint of the one it belongs to; empty where it is no preview's."""
        own = ((self.namespace or {}).get("metadata") or {}).get("labels") or {}
        return str(own.get(labels.IDENTITY, ""))

    @property
    def about(self) -> Mapping[str, str]:
        """The namespace's annotations: project, branch, pull request."""
        return ((self.namespace or {}).get("metadata") or {}).get("annotations") or {}

    def workload(self, service: str) -> Workload | None:
        """The Deployment or Job of a service."""
        return next((one for one in self.workloads if one.service == service), None)

    def pod(self, service: str) -> Pod | None:
        """The newest pod of a service that is not being removed."""
        staying = [pod for pod in self.pods if pod.service == service and not pod.going]
        return max(staying, key=lambda pod: (pod.created_at, pod.name), default=None)

    def warnings(self, about: str) -> list[Event]:
        """The warnings about objects whose whole names the pattern ``about`` matches, the latest last."""
        found = [one for one in self.events if one.warning and re.fullmatch(about, one.about)]
        return sorted(found, key=lambda one: one.at)

    def describe(self) -> list[str]:
        """One line per object, for messages."""
        found = [f"namespace {self.namespace['metadata']['name']}"] if self.namespace else []
        return found + [f"pod {pod.name}" for pod in self.pods] + [f"volume {name}" for name in self.volumes]


def observe(api: Api, preview: str) -> Live:
    """All that there is of a preview; consistent only as far as the cluster is at rest."""
    volumes = tuple(_name(one) for one in api.items("/api/v1/persistentvolumes") if _claimed(one) == preview)
    namespace = api.find(f"/api/v1/namespaces/{preview}")
    if namespace is None:
        return Live(volumes=volumes)
    core, apps, batch = (
        f"/{group}/namespaces/{preview}" for group in ("api/v1", "apis/apps/v1", "apis/batch/v1")
    )
    ours = {"labelSelector": labels.PREVIEW}
    workloads = [*api.items(f"{apps}/deployments", **ours), *api.items(f"{batch}/jobs", **ours)]
    return Live(
        namespace,
        tuple(sorted(map(_workload, workloads), key=lambda one: one.name)),
        tuple(sorted(map(_pod, api.items(f"{core}/pods", **ours)), key=lambda one: one.name)),
        tuple(_name(one) for one in api.items(f"{core}/persistentvolumeclaims", **ours)),
        volumes,
        tuple(map(_event, api.items(f"{core}/events", limit=_EVENTS))),
    )


def previews(api: Api) -> list[str]:
    """Every preview that has a namespace, by name."""
    return sorted(_name(one) for one in api.items("/api/v1/namespaces", labelSelector=labels.PREVIEW))


def _name(found: Json) -> str:
    return str(found["metadata"]["name"])


def _claimed(volume: Json) -> str:
    return str((volume["spec"].get("claimRef") or {}).get("namespace", ""))


def _workload(found: Json) -> Workload:
    metadata, status = found["metadata"], found.get("status") or {}
    own, noted = metadata.get("labels") or {}, metadata.get("annotations") or {}
    conditions = {one["type"] for one in status.get("conditions") or () if one["status"] == "True"}
    return Workload(
        name=metadata["name"],
        service=own.get(labels.SERVICE, ""),
        role=own.get(labels.ROLE, ""),
        kind=noted.get(labels.KIND, ""),
        image=noted.get(labels.IMAGE, ""),
        url=noted.get(labels.URLS, ""),
        user=noted.get(labels.USER, ""),
        replicas=found["spec"].get("replicas", 1),
        rolled=own.get(labels.ROLE) == labels.ROLE_JOB or _rolled(found),
        memory=sum(map(_memory, found["spec"]["template"]["spec"]["containers"])),
        succeeded="Complete" in conditions,
        failed="Failed" in conditions,
    )


_COUNTS = ("replicas", "updatedReplicas", "availableReplicas")


def _rolled(deployment: Json) -> bool:
    """The counts mean something only once the controller has seen the present declaration."""
    status, wanted = deployment.get("status") or {}, deployment["spec"].get("replicas", 1)
    seen = status.get("observedGeneration", 0) >= deployment["metadata"].get("generation", 0)
    return seen and all(status.get(count, 0) == wanted for count in _COUNTS)


def _memory(container: Json) -> int:
    limits = (container.get("resources") or {}).get("limits") or {}
    return units.memory(str(limits.get("memory", ""))) or 0


def _pod(found: Json) -> Pod:
    metadata, status = found["metadata"], found.get("status") or {}
    conditions = {one["type"]: one for one in status.get("conditions") or ()}
    placed = conditions.get("PodScheduled") or {}
    return Pod(
        name=metadata["name"],
        service=(metadata.get("labels") or {}).get(labels.SERVICE, ""),
        created_at=metadata.get("creationTimestamp", ""),
        ready=(conditions.get("Ready") or {}).get("status") == "True",
        going="deletionTimestamp" in metadata,
        unplaced=placed.get("message", "") if placed.get("reason") == "Unschedulable" else "",
        runs={run.name: run for run in runs_of(status.get("containerStatuses") or ())},
    )


def runs_of(found: Iterable[Json]) -> Iterable[Run]:
    """The containers of a pod, from its ``containerStatuses``."""
    for one in found:
        state: Mapping[str, Any] = one.get("state") or {}
        name = next(iter(state), "waiting")
        detail = state.get(name) or {}
        last = state.get("terminated") or (one.get("lastState") or {}).get("terminated") or {}
        yield Run(
            one["name"],
            name,
            detail.get("reason", ""),
            detail.get("message", "") or last.get("message", ""),
            one.get("restartCount", 0),
            last.get("exitCode"),
            last.get("reason", ""),
            detail.get("startedAt") or "",
            _id(one),
            _id(last),
            last.get("finishedAt") or "",
        )


def _id(found: Json) -> str:
    """Without the runtime's name before it: ``containerd://...``."""
    return str(found.get("containerID") or "").rpartition("/")[2]


def _event(found: Json) -> Event:
    series = found.get("series") or {}
    at = found.get("lastTimestamp") or series.get("lastObservedTime") or found.get("eventTime") or ""
    about = (found.get("involvedObject") or {}).get("name", "")
    return Event(about, found.get("reason", ""), found.get("message", ""), found.get("type") == "Warning", at)
