"""What a project's cluster has of all that previews need, and the remedy for what is missing: looks only."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Sequence

from galley_iac.cluster.client import Api, Client, Json
from galley_iac.errors import GalleyError
from galley_iac.plan.cluster import Cluster, Registry
from galley_iac.toolchain.doctor import Finding

Connect = Callable[[str], Api]
Answers = Callable[[str], int]

_SECONDS = 10
_OK, _LOGIN = 200, 401
_INGRESS_CLASSES = "/apis/networking.k8s.io/v1/ingressclasses"
_STORAGE_CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
_GATEWAYS = "/apis/gateway.networking.k8s.io/v1/namespaces"
_DEFAULT_INGRESS = "ingressclass.kubernetes.io/is-default-class"
_DEFAULT_STORAGE = "storageclass.kubernetes.io/is-default-class"
_ENFORCERS = ("antrea-agent", "calico-node", "canal", "cilium", "kube-router", "ovnkube-node", "weave-net")
"""DaemonSets of the network plugins that are known to enforce policies."""


def answers(url: str) -> int:
    """The status of a GET; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError):
        return 0


def examine(cluster: Cluster, connect: Connect = Client, ask: Answers = answers) -> list[Finding]:
    """A finding for each thing; of a cluster that is silent only that, and of the registry."""
    registry = _registry(cluster.registry, ask)
    try:
        api = connect(cluster.context)
        version = (api.find("/version") or {}).get("gitVersion", "of an unknown version")
        context = cluster.context or "the current one"
        found = Finding("Cluster", True, f"Kubernetes {version}, context {context}")
        return [found, registry, *_routes(api, cluster), _storage(api, cluster), _policies(api)]
    except GalleyError as error:
        said, _, remedy = str(error).partition("\n")
        return [Finding("Cluster", False, said, remedy.strip()), registry]


def _registry(registry: Registry, ask: Answers) -> Finding:
    status = ask(f"{registry.address}/v2/")
    if status == _OK:
        return Finding("Registry", True, f"{registry.host} answers")
    if status == _LOGIN:
        login = f"{registry.host} wants a login: `galley registry login {registry.host}`, if there is none"
        return Finding("Registry", True, login)
    said = f"it says {status}" if status else "nothing answers"
    remedy = "check the setting `registry`: galley config set registry [http://]HOST[:PORT][/PATH]"
    return Finding("Registry", False, f"{registry.address}/v2/: {said}", remedy)


def _routes(api: Api, cluster: Cluster) -> list[Finding]:
    if cluster.gateway:
        return [_gateway(api, cluster.gateway)]
    classes = api.items(_INGRESS_CLASSES)
    choose = "galley config set ingressClass NAME"
    found = _chosen("Ingress class", classes, cluster.ingress_class, _DEFAULT_INGRESS, choose)
    return [found, _controller(api, cluster.ingress_namespace)]


def _gateway(api: Api, gateway: str) -> Finding:
    namespace, _, name = gateway.partition("/")
    there = api.find(f"{_GATEWAYS}/{namespace}/gateways/{name}") is not None
    remedy = "install the Gateway API and a Gateway, or use Ingresses: galley config rm gateway"
    return Finding("Gateway", there, gateway if there else f"there is no {gateway}", remedy)


def _controller(api: Api, namespace: str) -> Finding:
    """Routes are open for the pods of this namespace alone."""
    pods = api.items(f"/api/v1/namespaces/{namespace}/pods", limit=1)
    remedy = "name the ingress controller's namespace: galley config set ingressNamespace NAME"
    said = f"pods in {namespace}" if pods else f"no pods in {namespace}: no route would be reached"
    return Finding("Ingress controller", bool(pods), said, remedy)


def _storage(api: Api, cluster: Cluster) -> Finding:
    classes = api.items(_STORAGE_CLASSES)
    choose = "for databases that keep their data: galley config set storageClass NAME"
    return _chosen("Storage class", classes, cluster.storage_class, _DEFAULT_STORAGE, choose, needed=False)


def _chosen(
    what: str, classes: Sequence[Json], wanted: str, default: str, remedy: str, *, needed: bool = True
) -> Finding:
    """The class of that name; without a name, the cluster's default."""
    names = sorted(str(one["metadata"]["name"]) for one in classes)
    there = f"there is {', '.join(names)}" if names else "there is none"
    if wanted:
        found = wanted in names
        return Finding(what, found, wanted if found else f"no {wanted}; {there}", remedy, needed)
    for one in classes:
        if (one["metadata"].get("annotations") or {}).get(default) == "true":
            return Finding(what, True, f"{one['metadata']['name']}, the cluster's default", needed=needed)
    return Finding(what, False, f"no default; {there}", remedy, needed)


def _policies(api: Api) -> Finding:
    """The API takes policies whether or not anybody enforces them, and has no word for that."""
    sets = {str(one["metadata"]["name"]) for one in api.items("/apis/apps/v1/daemonsets")}
    known = sorted(sets & set(_ENFORCERS))
    if known:
        return Finding("Network policies", True, f"enforced by {', '.join(known)}", needed=False)
    remedy = "ask who runs the cluster: without an enforcer, previews reach each other"
    return Finding(
        "Network policies",
        False,
        "not stated: no network plugin that is known to enforce them",
        remedy,
        False,
    )
