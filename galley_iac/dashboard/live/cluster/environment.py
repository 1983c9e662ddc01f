"""What services on a cluster were given: the variables of their pods' declaration."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence

from galley_iac.cluster import labels
from galley_iac.cluster.client import Api, Json
from galley_iac.dashboard.live.environment import variables
from galley_iac.dashboard.live.lines import Mask
from galley_iac.dashboard.model import Variable

_OURS = {"labelSelector": labels.PREVIEW}


def environment(api: Api, preview: str, mask: Mask) -> Mapping[str, Sequence[Variable]]:
    """Service → its variables, secrets masked."""
    secrets = {
        one["metadata"]["name"]: one for one in api.items(f"/api/v1/namespaces/{preview}/secrets", **_OURS)
    }
    found = {}
    for kind in ("apps/v1/namespaces/{}/deployments", "batch/v1/namespaces/{}/jobs"):
        for workload in api.items(f"/apis/{kind.format(preview)}", **_OURS):
            service = (workload["metadata"].get("labels") or {}).get(labels.SERVICE, "")
            found[service] = variables(list(_entries(workload, service, secrets)), (), mask)
    return found


def _entries(workload: Json, service: str, secrets: Mapping[str, Json]) -> Iterator[str]:
    """``NAME=VALUE`` of the service's own container."""
    for container in workload["spec"]["template"]["spec"]["containers"]:
        if container["name"] == service:
            for one in container.get("env") or ():
                yield f"{one['name']}={_value(one, secrets)}"


def _value(entry: Json, secrets: Mapping[str, Json]) -> str:
    reference = (entry.get("valueFrom") or {}).get("secretKeyRef")
    if not reference:
        return str(entry.get("value", ""))
    held = (secrets.get(reference["name"]) or {}).get("data") or {}
    return base64.b64decode(held.get(reference["key"], "")).decode("utf-8", "replace")
