"""Resources of the Kubernetes provider as the rules see them."""

from __future__ import annotations

from collections.abc import Iterator

from galley_iac.policy.model import Container, Declared, Inputs
from galley_iac.policy.reading import at, each

PREFIX = "kubernetes:"

_NAMESPACES = {"host_network": "network", "host_pid": "processes", "host_ipc": "memory"}
_INSIDE = ("ClusterIP", "ExternalName", None)
"""Types of a Service that take no port of a node and no address of a load balancer."""


def read(kind: str, name: str, inputs: Inputs) -> Declared:
    """Whatever has pods, and whatever leads to one from outside."""
    short = kind.rpartition(":")[2]
    pod = at(inputs, "spec") if short == "Pod" else at(inputs, "spec", "template", "spec")
    return Declared(
        tuple(_containers(pod)),
        (*_of_pod(pod), *(_of_service(inputs) if short == "Service" else ())),
        tuple(_routed(short, name, inputs)),
    )


def _containers(pod: object) -> Iterator[Container]:
    for list_name in ("init_containers", "containers", "ephemeral_containers"):
        for one in each(pod, list_name):
            yield Container(
                str(one.get("name")),
                one.get("image"),
                frozenset(at(one, "resources", "limits") or ()),
                tuple(_powers(one)),
                tuple(f"port {port['host_port']}" for port in each(one, "ports") if port.get("host_port")),
            )


def _powers(container: Inputs) -> Iterator[str]:
    context = at(container, "security_context")
    if context is not None and not isinstance(context, dict):
        return
    if at(context, "privileged"):
        yield "is privileged"
    if at(context, "allow_privilege_escalation") is not False:
        yield "may gain privileges"
    for capability in at(context, "capabilities", "add") or ():
        yield f"has the capability {capability}"


def _of_pod(pod: object) -> Iterator[str]:
    yield from (what for name, what in _NAMESPACES.items() if at(pod, name))
    for one in each(pod, "volumes"):
        if one.get("host_path"):
            yield f"path {at(one, 'host_path', 'path')}"


def _of_service(inputs: Inputs) -> Iterator[str]:
    kind = at(inputs, "spec", "type")
    if kind not in _INSIDE:
        yield f"a port for a Service of type {kind}"
    yield from (f"address {address}" for address in at(inputs, "spec", "external_ips") or ())


def _routed(kind: str, name: str, inputs: Inputs) -> Iterator[str]:
    """A policy that lets in what is not of the same namespace opens the service that it is named after."""
    if kind == "Ingress":
        yield from _of_backend(at(inputs, "spec", "default_backend"))
        for rule in each(inputs, "spec", "rules"):
            for path in each(rule, "http", "paths"):
                yield from _of_backend(path.get("backend"))
    if kind == "HTTPRoute":
        for rule in each(inputs, "spec", "rules"):
            yield from (str(one.get("name")) for one in each(rule, "backendRefs"))
    if kind == "NetworkPolicy" and any(_from_outside(one) for one in each(inputs, "spec", "ingress")):
        yield name


def _of_backend(backend: object) -> Iterator[str]:
    service = at(backend, "service", "name")
    if service:
        yield str(service)


def _from_outside(ingress: Inputs) -> bool:
    """Without peers everybody is let in; a peer that names a namespace or addresses is from outside."""
    peers = list(each(ingress, "from_"))
    return not peers or any(one.get("namespace_selector") is not None or one.get("ip_block") for one in peers)
