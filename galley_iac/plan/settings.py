"""What a project, or one preview, may set beside its manifest; there is a default for everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network
from typing import TypeVar

from galley_iac import duration
from galley_iac.edge import names
from galley_iac.edge.access import Guard, read_access, read_allowed
from galley_iac.errors import UsageError
from galley_iac.manifest import units
from galley_iac.manifest.names import IMAGE
from galley_iac.plan import cluster
from galley_iac.plan.cluster import Cluster
from galley_iac.plan.edge import edge_of, guard_of
from galley_iac.plan.model import MIB, PROBE_IMAGE, ROUTER_LIMITS, Limits
from galley_iac.plan.policy import FullHost, Policy, read_count, read_full
from galley_iac.plan.preview import Address, Layout, behind_edge

DEFAULT_ADDRESS = Address()
DEFAULT_LIMITS = Limits(cpus=1.0, memory=1024 * MIB)
DEFAULT_POLICY = Policy()
OPEN = Guard()
DEFAULT_POOL = "10.213.0.0/16"
"""1,024 subnets of 62 addresses, out of a range that Docker does not hand out by itself."""

_LARGEST_PREFIX = 26
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_DOMAIN = 120
"""So that with a service's and a preview's labels before it a name stays below 253 characters."""

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """What the plan and the targets need to know beyond the manifest.

    ``variables`` are plain; of ``secrets`` only the names are here, never a value.
    """

    address: Address = DEFAULT_ADDRESS
    limits: Limits = DEFAULT_LIMITS
    router_limits: Limits = ROUTER_LIMITS
    router_image: str = "caddy:2-alpine"
    probe_image: str = PROBE_IMAGE
    protocol_timeout: float = 60.0
    subnet_pool: str = DEFAULT_POOL
    ttl: float | None = None
    """Seconds that a preview may be idle; None for the default."""
    policy: Policy = DEFAULT_POLICY
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    untrusted: bool = False
    """Whether what stands for the secrets are substitutes."""
    cluster: Cluster | None = None
    """Where the target is Kubernetes."""
    edge: str = ""
    """The edge that previews answer behind; empty where there is none."""
    guard: Guard = OPEN


@dataclass(frozen=True)
class Key:
    """A setting as a person writes it: ``read`` gives its value, or None when the text is not one."""

    summary: str
    form: str
    read: Callable[[str], object | None]


def _pool(text: str) -> str | None:
    try:
        network = IPv4Network(text)
    except ValueError:
        return None
    return text if network.prefixlen <= _LARGEST_PREFIX else None


def _domain(text: str) -> str | None:
    lowered = text.lower()
    return lowered if len(lowered) <= _LONGEST_DOMAIN and _DOMAIN.fullmatch(lowered) else None


def _positive(text: str) -> float | None:
    return units.cpus(text) or None


def _memory(text: str) -> int | None:
    size = units.memory(text)
    return size if size is not None and units.SMALLEST_MEMORY <= size <= units.LARGEST_MEMORY else None


def _layout(text: str) -> Layout | None:
    return Layout(text) if text in tuple(Layout) else None


def _image(text: str) -> str | None:
    return text if IMAGE.fullmatch(text) else None


def _timeout(text: str) -> float | None:
    return units.seconds(text) or None


KEYS: Mapping[str, Key] = {
    "cpus": Key("CPUs of a service that does not say", "a number such as 0.5", _positive),
    "memory": Key("memory of a service that does not say", "a size such as 512m", _memory),
    "domain": Key("where previews answer, behind an edge", "a domain such as preview.example.com", _domain),
    "layout": Key("how a service's host is formed", "nested or flat", _layout),
    "edge": Key("the edge that previews answer behind", "an edge's name such as main", names.read),
    "edgePort": Key("the port that the edge has for https", "a port", cluster.read_port),
    "access": Key("who may enter a preview", "public, basic or allowlist", read_access),
    "allowlist": Key("from where one may enter", "addresses such as 192.0.2.7,10.0.0.0/8", read_allowed),
    "subnetPool": Key("the range of the previews' subnets", "a network such as 10.213.0.0/16", _pool),
    "ttl": Key(
        "how long a preview may be idle before gc removes it", "a duration such as 7d", duration.parse
    ),
    "hostPolicy": Key("what to do when the host is full", "refuse, queue or sleep", read_full),
    "queueTimeout": Key("how long to wait for room", "a duration such as 10m", duration.parse),
    "maxPreviews": Key("previews of the project that may be awake", "a number, 0 for any", read_count),
    "memoryOvercommit": Key("how often the host's memory may be promised", "a number such as 2", _positive),
    "cpuOvercommit": Key("how often the host's CPUs may be promised", "a number such as 32", _positive),
    "diskReserve": Key("disk space that has to be left for the engine", "a size such as 2g", units.memory),
    "protocolTimeout": Key("time for a database to answer", "a duration such as 60s", _timeout),
    "routerImage": Key("the image of the previews' routers", "an image with Caddy 2", _image),
    "probeImage": Key("the image of the readiness checks", "an image with Python 3", _image),
    "target": Key("where previews run", "docker or kubernetes", cluster.read_target),
    "registry": Key(
        "where images are pushed for the cluster", "[http://]HOST[:PORT][/PATH]", cluster.read_registry
    ),
    "kubeContext": Key("the cluster", "the name of a kubeconfig's context", cluster.read_context),
    "ingressClass": Key("the class of the routes' Ingresses", "a name such as traefik", cluster.read_name),
    "ingressNamespace": Key("where the ingress controller runs", "a namespace", cluster.read_name),
    "ingressPort": Key("the port that routes of localhost answer on", "a port", cluster.read_port),
    "gateway": Key("a Gateway for the routes, instead of Ingresses", "NAMESPACE/NAME", cluster.read_gateway),
    "tlsSecret": Key("the routes' certificate", "the name of a secret", cluster.read_name),
    "certIssuer": Key("who makes the routes' certificates", "a ClusterIssuer's name", cluster.read_name),
    "storageClass": Key("the class of the volumes", "a StorageClass's name", cluster.read_name),
    "volumeSize": Key("the size of a volume", "a size such as 1g", _memory),
}


def check(name: str, text: str) -> object:
    """The value of one setting. Raises UsageError for an unknown name, or a text that is no value of it."""
    if name not in KEYS:
        raise UsageError(f"there is no setting {name}", f"there are {', '.join(sorted(KEYS))}")
    value = KEYS[name].read(text)
    if value is None:
        raise UsageError(f"{text!r} is no value of {name}", f"write {KEYS[name].form}")
    return value


def make_settings(
    texts: Mapping[str, str],
    variables: Mapping[str, str],
    secrets: frozenset[str],
    access: frozenset[str] = frozenset(),
) -> Settings:
    """Settings from texts, by name; ``access`` are the names of who may enter. Raises UsageError for the
    first that is wrong.
    """
    values = {name: check(name, text) for name, text in sorted(texts.items())}
    found = cluster.cluster_of(values)
    return Settings(
        address=_ingress_address(values) if found else _address(values),
        limits=Limits(_or(values, "cpus", DEFAULT_LIMITS.cpus), _or(values, "memory", DEFAULT_LIMITS.memory)),
        router_image=_or(values, "routerImage", Settings.router_image),
        probe_image=_or(values, "probeImage", Settings.probe_image),
        protocol_timeout=_or(values, "protocolTimeout", Settings.protocol_timeout),
        subnet_pool=_or(values, "subnetPool", DEFAULT_POOL),
        ttl=_or(values, "ttl", None),
        policy=_policy(values),
        variables=variables,
        secrets=secrets,
        cluster=found,
        edge=edge_of(values),
        guard=guard_of(values, access),
    )


def _address(values: Mapping[str, object]) -> Address:
    domain = _or(values, "domain", "localhost")
    if domain == "localhost":
        return Address()
    found = behind_edge(domain, _or(values, "layout", Layout.FLAT))
    return replace(found, port=_or(values, "edgePort", None))


def _ingress_address(values: Mapping[str, object]) -> Address:
    """As on Docker, but below localhost the port is the ingress controller's, which is known beforehand."""
    found = _address(values)
    return found if found.scheme == "https" else replace(found, port=_or(values, "ingressPort", None))


def _policy(values: Mapping[str, object]) -> Policy:
    return Policy(
        full=_or(values, "hostPolicy", FullHost.REFUSE),
        memory_overcommit=_or(values, "memoryOvercommit", Policy.memory_overcommit),
        cpu_overcommit=_or(values, "cpuOvercommit", Policy.cpu_overcommit),
        disk_reserve=_or(values, "diskReserve", Policy.disk_reserve),
        max_previews=_or(values, "maxPreviews", Policy.max_previews),
        queue_timeout=_or(values, "queueTimeout", Policy.queue_timeout),
    )


def _or(values: Mapping[str, object], name: str, default: T) -> T:
    return values.get(name, default)  # type: ignore[return-value]
