"""What a stack's state says, as far as repairs, waking and the garbage collection need it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from galley_iac import timing
from galley_iac.automation import backend
from galley_iac.engine import labels
from galley_iac.plan.identity import Identity

_CONTAINER = "docker:index/container:Container"
_OBJECTS = tuple(f"docker:index/{kind}:" for kind in ("container", "network", "volume"))
_WORKLOADS = (_CONTAINER, "kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:Job")
_STACK = "pulumi:pulumi:Stack"
_PROVIDER = "pulumi:providers:docker"
_CLUSTER = "pulumi:providers:kubernetes"


@dataclass(frozen=True)
class Declared:
    """A container as it was declared: its role, and the names of those that it waited for."""

    role: str = ""
    after: frozenset[str] = frozenset()


@dataclass(frozen=True)
class State:
    """The ids of the objects that the stack knows, their engine, and whether an update was cut off."""

    ids: frozenset[str] = frozenset()
    engine: str = ""
    identity: str = ""
    """Fingerprint of the one it belongs to; empty before the first update has gone through."""
    pending: bool = False
    resources: int = 0
    """How many it has of any sort; with only one, a provider or an image, Pulumi does not forget a stack."""
    owner: Identity | None = None
    """The same in full."""
    updated: float | None = None
    """When Pulumi last updated the stack, also without a change; in seconds since the epoch."""
    containers: Mapping[str, Declared] = field(default_factory=dict)
    """By their resources' names: ``api``, ``api.ready``, ``router``; on a cluster the services alone."""
    cluster: str | None = None
    """The context of the cluster that it is on, empty for the current one; None on Docker."""


def from_file(path: Path) -> State:
    """The state of a stack in a local backend; empty when there is none, or nothing was ever deployed."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return State()
    return from_deployment((document.get("checkpoint") or {}).get("latest") or {})


def of_stack(local: Path, stack: str) -> State:
    """The state of a stack in a local backend, which is repaired where it is cut short."""
    try:
        return from_file(backend.state_file(local, stack))
    except ValueError:
        return from_file(backend.whole_state(local, stack))


def from_deployment(deployment: Mapping[str, Any]) -> State:
    """The state in an exported deployment. Images are left out: they outlive the preview and are shared."""
    resources = deployment.get("resources") or []
    ids = {entry["id"] for entry in resources if entry["type"].startswith(_OBJECTS) and entry.get("id")}
    engines = [
        (entry.get("inputs") or {}).get("host", "") for entry in resources if entry["type"] == _PROVIDER
    ]
    owner = _owner(resources)
    written = (deployment.get("manifest") or {}).get("time")
    return State(
        ids=frozenset(ids),
        engine=engines[0] if engines and ids else "",
        identity=owner.digest() if owner else "",
        pending=bool(deployment.get("pending_operations")),
        resources=len(resources),
        owner=owner,
        updated=timing.seconds(written) if written else None,
        containers=_containers(resources),
        cluster=_cluster(resources),
    )


def _owner(resources: Sequence[Mapping[str, Any]]) -> Identity | None:
    """From the program's own output."""
    for entry in resources:
        found = (entry.get("outputs") or {}).get("identity")
        if entry["type"] == _STACK and found:
            return Identity(**found)
    return None


def _containers(resources: Sequence[Mapping[str, Any]]) -> dict[str, Declared]:
    found = {entry["urn"]: entry for entry in resources if entry["type"] in _WORKLOADS}
    return {
        _name(urn): Declared(
            _role(entry.get("inputs") or {}),
            frozenset(_name(other) for other in entry.get("dependencies") or () if other in found),
        )
        for urn, entry in found.items()
    }


def _role(inputs: Mapping[str, Any]) -> str:
    own = {entry["label"]: entry["value"] for entry in inputs.get("labels") or ()}
    on_cluster: Mapping[str, str] = (inputs.get("metadata") or {}).get("labels") or {}
    return str({**own, **on_cluster}.get(labels.ROLE, ""))


def _cluster(resources: Sequence[Mapping[str, Any]]) -> str | None:
    clusters = (entry.get("inputs") or {} for entry in resources if entry["type"] == _CLUSTER)
    return next((str(one.get("context", "")) for one in clusters), None)


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]
