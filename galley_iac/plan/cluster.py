"""What the Kubernetes target needs to know beside the manifest, and what it refuses of a manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from galley_iac.errors import Problem, UsageError
from galley_iac.manifest.models import Manifest, Restart
from galley_iac.plan.model import MIB
from galley_iac.plan.registries import registry_of

PROBER = "galley-probe"
"""The container that asks a service whether it is ready, beside the service's own in each pod."""

LONGEST_NAME = 63
_REGISTRY = re.compile(
    r"(?P<scheme>https?://)?(?P<prefix>[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9._-]+)*)/?"
)
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_GATEWAY = re.compile(rf"{_NAME.pattern}/{_NAME.pattern}")
_CONTEXT = re.compile(r"[A-Za-z0-9_.:/@-]{1,200}")
_LAST_PORT = 65535


class Target(StrEnum):
    """Where a preview runs."""

    DOCKER = "docker"
    KUBERNETES = "kubernetes"


@dataclass(frozen=True)
class Registry:
    """Where images are pushed for the cluster to pull: a host, its port and a path as they begin a reference.

    ``plain``: it speaks http, as a registry on the cluster's own network may.
    """

    prefix: str
    plain: bool = False

    @property
    def host(self) -> str:
        """The host with its port."""
        return registry_of(f"{self.prefix}/image")

    @property
    def address(self) -> str:
        """The URL that a client logs in to."""
        return f"{'http' if self.plain else 'https'}://{self.host}"


@dataclass(frozen=True)
class Cluster:
    """How previews are declared on a cluster. An empty text leaves the choice to the cluster, or out."""

    registry: Registry
    context: str = ""
    """Of the kubeconfig; empty for the current one."""
    ingress_class: str = ""
    ingress_namespace: str = "traefik"
    """Where the ingress controller's pods are: nobody else from outside reaches a web or an api."""
    gateway: str = ""
    """``namespace/name`` of a Gateway: routes are HTTPRoutes of it then, not Ingresses."""
    tls_secret: str = ""
    issuer: str = ""
    """A cert-manager ClusterIssuer, which makes the secret of each route."""
    storage_class: str = ""
    volume_size: int = 1024 * MIB


def cluster_of(values: Mapping[str, object]) -> Cluster | None:
    """The cluster that checked settings name; None for Docker. Raises UsageError without a registry."""
    if values.get("target") is not Target.KUBERNETES:
        return None
    names = {key: values[key] for key in values.keys() & _FIELDS.keys()}
    if "registry" not in names:
        raise UsageError(
            "the Kubernetes target needs a registry that the cluster can pull from",
            "galley config set registry HOST/PATH",
        )
    return Cluster(**{_FIELDS[key]: value for key, value in names.items()})  # type: ignore[arg-type]


_FIELDS = {
    "registry": "registry",
    "kubeContext": "context",
    "ingressClass": "ingress_class",
    "ingressNamespace": "ingress_namespace",
    "gateway": "gateway",
    "tlsSecret": "tls_secret",
    "certIssuer": "issuer",
    "storageClass": "storage_class",
    "volumeSize": "volume_size",
}
"""Setting → field."""


def read_target(text: str) -> Target | None:
    """One of the two words."""
    return Target(text) if text in tuple(Target) else None


def read_registry(text: str) -> Registry | None:
    """``HOST[:PORT][/PATH]``; with ``http://`` before it, one that is spoken to in the clear."""
    match = _REGISTRY.fullmatch(text)
    return Registry(match["prefix"], match["scheme"] == "http://") if match else None


def read_name(text: str) -> str | None:
    """The name of an object of the cluster."""
    return text if len(text) <= LONGEST_NAME and _NAME.fullmatch(text) else None


def read_gateway(text: str) -> str | None:
    """A namespace and a name."""
    return text if _GATEWAY.fullmatch(text) and all(map(read_name, text.split("/"))) else None


def read_context(text: str) -> str | None:
    """The name of a kubeconfig's context."""
    return text if _CONTEXT.fullmatch(text) else None


def read_port(text: str) -> int | None:
    """A TCP port."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_LAST_PORT)) else 0
    return number if 0 < number <= _LAST_PORT else None


_RESTARTED = (Restart.ALWAYS, Restart.UNLESS_STOPPED)


def refused(manifest: Manifest) -> Iterator[Problem]:
    """What a manifest asks for that Kubernetes cannot do, by name and line."""
    for name, service in manifest.services.items():
        if not service.is_job and service.restart not in _RESTARTED:
            rule = (
                f"on Kubernetes a service that ends is started again: `restart: {service.restart}` cannot be"
            )
            remedy = "write `unless-stopped`, or make it a one-shot job: `kind: worker` with `restart: never`"
            yield manifest.problem(f"services.{name}.restart", rule, remedy)
        if name.endswith("-") or name == PROBER:
            rule = f"on Kubernetes a service cannot be called `{name}`"
            remedy = f"give it a name that does not end with a hyphen, and is not {PROBER}"
            yield manifest.problem(f"services.{name}", rule, remedy)
