"""Resources of the Docker provider as the rules see them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from galley_iac.policy.model import Container, Declared, Inputs
from galley_iac.policy.reading import at, each

CONTAINER = "docker:index/container:Container"

_NO_NEW_PRIVILEGES = "no-new-privileges:true"
_LOOPBACK = "127.0.0.1"
_HARMLESS = ("CAP_NET_BIND_SERVICE",)
"""To listen on a port below 1024 inside of the container's own network."""

_NAMESPACES = {
    "network_mode": "network",
    "pid_mode": "processes",
    "ipc_mode": "memory",
    "userns_mode": "users",
}
_ROUTER = "router"


def read(kind: str, name: str, inputs: Inputs) -> Declared:
    """A container; any other resource of the provider starts nothing."""
    if kind != CONTAINER:
        return Declared()
    router = name == _ROUTER
    container = Container(
        name,
        inputs.get("image"),
        frozenset(_limits(inputs)),
        tuple(_powers(inputs)),
        (*_paths(inputs), *_ports(inputs, router), *_shared(inputs)),
    )
    return Declared((container,), routed=tuple(_dialled(_configurations(inputs))) if router else ())


def _limits(inputs: Inputs) -> Iterator[str]:
    if inputs.get("cpus"):
        yield "cpu"
    if inputs.get("memory"):
        yield "memory"


def _powers(inputs: Inputs) -> Iterator[str]:
    if inputs.get("privileged"):
        yield "is privileged"
    if _NO_NEW_PRIVILEGES not in (inputs.get("security_opts") or ()):
        yield "may gain privileges"
    for capability in at(inputs, "capabilities", "adds") or ():
        if capability not in _HARMLESS:
            yield f"has the capability {capability}"


def _paths(inputs: Inputs) -> Iterator[str]:
    yield from (f"path {one['host_path']}" for one in each(inputs, "volumes") if one.get("host_path"))
    yield from (f"path {one.get('source')}" for one in each(inputs, "mounts") if one.get("type") == "bind")
    yield from (f"device {one.get('host_path')}" for one in each(inputs, "devices"))


def _ports(inputs: Inputs, router: bool) -> Iterator[str]:
    """The router's alone may be published, and that on loopback."""
    for one in each(inputs, "ports"):
        if not router or one.get("ip") != _LOOPBACK:
            yield f"port {one.get('external') or one.get('internal')} of {one.get('ip') or 'every address'}"
    if inputs.get("publish_all_ports"):
        yield "a port for every one of its own"


def _shared(inputs: Inputs) -> Iterator[str]:
    for name, what in _NAMESPACES.items():
        if inputs.get(name) == "host":
            yield what


def _configurations(inputs: Inputs) -> Iterator[Any]:
    for one in each(inputs, "uploads"):
        content = one.get("content")
        if str(one.get("file", "")).endswith(".json") and isinstance(content, str):
            yield json.loads(content)


def _dialled(node: Any) -> Iterator[str]:
    """Every service that a router's configuration names as where to pass a request to."""
    if isinstance(node, dict):
        if isinstance(node.get("dial"), str):
            yield node["dial"].partition(":")[0]
        node = list(node.values())
    if isinstance(node, list | Iterator):
        for one in node:
            yield from _dialled(one)
