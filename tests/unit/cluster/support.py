"""Objects of a preview as a cluster's API writes them, and an API that answers from what it is given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from galley_iac.cluster.client import Json
from galley_iac.errors import PreviewError

NAME = "main-shop"
IDENTITY = "0123456789abcdef"
CREATED = "2020-01-01T00:00:00Z"
PROBER = "galley-probe"

Object = dict[str, Any]


def labels(service: str = "", role: str = "service") -> dict[str, str]:
    own = {
        "galley.preview": NAME,
        "galley.identity": IDENTITY,
        "galley.service": service,
        "galley.role": role,
    }
    return {key: value for key, value in own.items() if value}


def namespace(**annotations: str) -> Object:
    about = {"galley.project": "shop", "galley.branch": "main", **annotations}
    return {"metadata": {"name": NAME, "labels": labels(role="namespace"), "annotations": about}}


def deployment(
    service: str, replicas: int = 1, kind: str = "api", url: str = "", seen: int = 2, old: int = 0
) -> Object:
    """Of generation 2; ``seen`` is the one that the controller knows, ``old`` counts pods of before."""
    noted = {"galley.kind": kind, "galley.image": f"acme/{service}:1", "galley.urls": url}
    limits = {"resources": {"limits": {"memory": "512Mi"}}}
    return {
        "metadata": {
            "name": service,
            "labels": labels(service),
            "annotations": noted,
            "generation": 2,
        },
        "spec": {"replicas": replicas, "template": {"spec": {"containers": [limits, {}]}}},
        "status": {
            "observedGeneration": seen,
            "replicas": replicas + old,
            "updatedReplicas": replicas,
            "availableReplicas": replicas,
        },
    }


def job(service: str, *conditions: str) -> Object:
    made = deployment(service, kind="worker")
    made["metadata"] |= {"name": f"{service}-00000000", "labels": labels(service, "job")}
    return {**made, "status": {"conditions": [{"type": one, "status": "True"} for one in conditions]}}


def container(
    name: str, state: str = "running", *, restarts: int = 0, last: Object | None = None, **more: Any
) -> Object:
    return {
        "name": name,
        "restartCount": restarts,
        "state": {state: more},
        "lastState": {"terminated": last} if last else {},
    }


def pod(
    service: str,
    *containers: Object,
    ready: bool = False,
    name: str = "",
    created: str = CREATED,
    unplaced: str = "",
    going: bool = False,
) -> Object:
    conditions = [{"type": "Ready", "status": "True" if ready else "False"}]
    if unplaced:
        more = {"status": "False", "reason": "Unschedulable", "message": unplaced}
        conditions.append({"type": "PodScheduled", **more})
    metadata: Object = {
        "name": name or f"{service}-5d9c7-x1",
        "labels": labels(service),
        "creationTimestamp": created,
    }
    if going:
        metadata["deletionTimestamp"] = created
    return {"metadata": metadata, "status": {"conditions": conditions, "containerStatuses": list(containers)}}


def event(about: str, reason: str, message: str, at: str = CREATED, kind: str = "Warning") -> Object:
    return {
        "involvedObject": {"name": about},
        "reason": reason,
        "message": message,
        "type": kind,
        "lastTimestamp": at,
    }


class FakeApi:
    """A cluster with one preview on it. ``changed`` and ``removed`` are what was done to it."""

    def __init__(self, *objects: Object, exists: bool = True) -> None:
        self.namespace: Object | None = namespace() if exists else None
        self.lists: dict[str, list[Object]] = {"deployments": [], "jobs": [], "pods": [], "events": []}
        self.logs: dict[tuple[str, str], str] = {}
        self.changed: list[tuple[str, Json]] = []
        self.removed: list[str] = []
        for one in objects:
            self.lists[_sort(one)].append(one)

    def find(self, path: str, **_query: object) -> Json | None:
        return self.namespace if path == f"/api/v1/namespaces/{NAME}" else None

    def items(self, path: str, **_query: object) -> list[Json]:
        return list(self.lists.get(path.rpartition("/")[2], []))

    def change(self, path: str, body: Json) -> None:
        self.changed.append((path, body))

    def delete(self, path: str) -> None:
        self.removed.append(path)

    def text(self, path: str, **query: object) -> str:
        pod_name = path.split("/")[-2]
        previous = "previous" if query.get("previous") else str(query["container"])
        return self.logs.get((pod_name, previous), "")

    def lines(self, path: str, **query: object) -> Iterator[bytes]:
        yield from self.text(path, **query).encode().splitlines()


class BrokenApi(FakeApi):
    """One that does not answer."""

    def items(self, path: str, **_query: object) -> list[Json]:
        raise PreviewError(f"no answer to {path}")


def _sort(one: Object) -> str:
    if "involvedObject" in one:
        return "events"
    if "spec" not in one:
        return "pods"
    return "jobs" if one["metadata"]["labels"]["galley.role"] == "job" else "deployments"
