"""What `galley doctor` says of a cluster, by what its API and its registry answer."""

from __future__ import annotations

from typing import Any

import pytest

from galley_iac.automation.kubernetes.doctor import examine
from galley_iac.cluster.client import Json
from galley_iac.errors import MachineError
from galley_iac.plan.cluster import Cluster, Registry
from galley_iac.toolchain.doctor import Finding, healthy

CLASSES = "/apis/networking.k8s.io/v1/ingressclasses"
STORAGE = "/apis/storage.k8s.io/v1/storageclasses"
SETS = "/apis/apps/v1/daemonsets"
PODS = "/api/v1/namespaces/traefik/pods"
GATEWAY = "/apis/gateway.networking.k8s.io/v1/namespaces/infra/gateways/public"
CLUSTER = Cluster(Registry("r.test:5000/previews", plain=True), ingress_class="traefik", storage_class="fast")


def named(*names: str, default: str = "") -> list[Json]:
    return [{"metadata": {"name": name, "annotations": {default: "true"}}} for name in names]


FULL: dict[str, Any] = {
    "/version": {"gitVersion": "v1.32.4"},
    CLASSES: named("nginx", "traefik"),
    STORAGE: named("fast"),
    SETS: named("calico-node", "logs"),
    PODS: named("traefik-1"),
}


class Api:
    """Answers by path."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers

    def find(self, path: str, **_: object) -> Any:
        return self.answers.get(path)

    def items(self, path: str, **_: object) -> list[Json]:
        return list(self.answers.get(path) or [])


def examined(cluster: Cluster = CLUSTER, status: int = 200, **changed: Any) -> dict[str, Finding]:
    """By name; ``changed`` is by the names of the paths above."""
    answers: Any = Api(FULL | {globals()[name]: value for name, value in changed.items()})
    found = examine(cluster, lambda _context: answers, lambda _url: status)
    return {finding.name: finding for finding in found}


def test_a_cluster_that_has_everything() -> None:
    found = examined()
    assert healthy(list(found.values()))
    assert all(finding.ok for finding in found.values())
    assert found["Cluster"].found == "Kubernetes v1.32.4, context the current one"
    assert found["Network policies"].found == "enforced by calico-node"


def test_the_registry_is_asked_as_it_is_written() -> None:
    asked: list[str] = []
    answers: Any = Api(FULL)
    examine(CLUSTER, lambda _context: answers, lambda url: asked.append(url) or 200)  # type: ignore[func-returns-value]
    assert asked == ["http://r.test:5000/v2/"]


@pytest.mark.parametrize(
    ("status", "ok", "said"),
    [(401, True, "wants a login"), (404, False, "it says 404"), (0, False, "nothing answers")],
)
def test_the_registry(status: int, ok: bool, said: str) -> None:
    found = examined(status=status)["Registry"]
    assert found.ok == ok
    assert said in found.found


def test_a_silent_cluster_is_one_finding_with_its_remedy() -> None:
    def connect(_context: str) -> Any:
        raise MachineError("the cluster at x does not answer", "check the kubeconfig")

    cluster, registry = examine(CLUSTER, connect, lambda _url: 200)
    said = (cluster.ok, cluster.found, cluster.remedy)
    assert said == (False, "the cluster at x does not answer", "check the kubeconfig")
    assert registry.ok


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("Ingress class", {"CLASSES": named("nginx")}, "no traefik; there is nginx"),
        ("Ingress class", {"CLASSES": []}, "no traefik; there is none"),
        ("Ingress controller", {"PODS": []}, "no pods in traefik: no route would be reached"),
        ("Storage class", {"STORAGE": named("slow")}, "no fast; there is slow"),
        (
            "Network policies",
            {"SETS": named("kindnet")},
            "not stated: no network plugin that is known to enforce them",
        ),
    ],
)
def test_what_is_missing_has_a_remedy(name: str, changed: dict[str, Any], said: str) -> None:
    found = examined(**changed)
    assert (found[name].ok, found[name].found) == (False, said)
    assert found[name].remedy
    assert all(finding.ok for finding in found.values() if finding.name != name)


def test_volumes_and_policies_are_not_needed_by_everybody() -> None:
    assert healthy(list(examined(STORAGE=[], SETS=[]).values()))
    assert not healthy(list(examined(CLASSES=[]).values()))


@pytest.mark.parametrize(
    ("default", "ok"),
    [("ingressclass.kubernetes.io/is-default-class", True), ("another.example/annotation", False)],
)
def test_without_a_setting_it_is_the_cluster_s_default(default: str, ok: bool) -> None:
    cluster = Cluster(CLUSTER.registry, storage_class="fast")
    found = examined(cluster, CLASSES=named("nginx", default=default))["Ingress class"]
    assert (found.ok, found.found) == (
        ok,
        "nginx, the cluster's default" if ok else "no default; there is nginx",
    )


@pytest.mark.parametrize("there", [True, False])
def test_a_gateway_takes_the_place_of_ingresses(there: bool) -> None:
    cluster = Cluster(CLUSTER.registry, gateway="infra/public", storage_class="fast")
    found = examined(cluster, GATEWAY={"kind": "Gateway"} if there else None, CLASSES=[], PODS=[])
    assert found["Gateway"].ok == there
    assert "Ingress class" not in found
    assert "Ingress controller" not in found
