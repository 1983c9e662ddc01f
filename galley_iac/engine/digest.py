"""One value that changes with whatever of a preview's objects an update has declared, or a hand has changed.

A container's configuration follows from its id, and is taken in all the same; its limits, its name and its
networks do not. Left out is what comes and goes while they stay what they are: whether they run, since when,
addresses, process ids, the result of the last health check.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

_CONTAINER = ("Id", "Name", "Image", "Created", "Path", "Args", "Config", "HostConfig")
_NETWORK = ("Id", "Name", "Created", "Driver", "Internal", "IPAM", "Options", "Labels")


def digest(
    containers: Iterable[Mapping[str, Any]],
    networks: Iterable[Mapping[str, Any]],
    volumes: Iterable[Mapping[str, Any]],
) -> str:
    """Of containers and networks as they are inspected and volumes as they are listed, in whatever order.

    It covers environments, and so secrets: it is for comparison in memory, and to be kept only under a key.
    """
    parts = [map(_container, containers), (_some(info, _NETWORK) for info in networks), volumes]
    texts = [sorted(json.dumps(entry, sort_keys=True) for entry in part) for part in parts]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _container(info: Mapping[str, Any]) -> Mapping[str, Any]:
    """The engine has mounts in no order at all."""
    mounts = sorted(json.dumps(mount, sort_keys=True) for mount in info.get("Mounts") or ())
    networks = (info.get("NetworkSettings") or {}).get("Networks") or {}
    joined = {
        name: [one.get("NetworkID"), sorted(one.get("Aliases") or ())] for name, one in networks.items()
    }
    return {**_some(info, _CONTAINER), "Mounts": mounts, "Networks": joined}


def _some(info: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: info.get(name) for name in names}
