"""The rules for what is declared on a cluster; each of them is broken in every way there is."""

from __future__ import annotations

from typing import Any

import pytest

from galley_iac.policy import violations
from tests.unit.policy.samples import (
    DEPLOYMENT,
    HTTP_ROUTE,
    INGRESS,
    POD,
    POLICY,
    ROUTABLE,
    SERVICE,
    changed,
)

KINDS = {
    "apps/v1:Deployment": DEPLOYMENT,
    "batch/v1:Job": DEPLOYMENT,
    "core/v1:Pod": POD,
    "core/v1:Service": SERVICE,
    "networking.k8s.io/v1:Ingress": INGRESS,
    "networking.k8s.io/v1:NetworkPolicy": POLICY,
    "gateway.networking.k8s.io/v1:HTTPRoute": HTTP_ROUTE,
}


def found(kind: str, inputs: dict[str, Any], name: str = "api") -> list[str]:
    return violations(f"kubernetes:{kind}", name, inputs, ROUTABLE)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_declared_keeps_the_rules(kind: str) -> None:
    assert found(kind, KINDS[kind]) == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("containers.0.resources", None, "api has no limit of cpu (rule `limits`)"),
        ("containers.0.resources.limits", {"cpu": "1"}, "api has no limit of memory (rule `limits`)"),
        ("containers.0.security_context.privileged", True, "api is privileged (rule `privileges`)"),
        ("containers.0.security_context", None, "api may gain privileges (rule `privileges`)"),
        (
            "containers.0.security_context.allow_privilege_escalation",
            None,
            "api may gain privileges (rule `privileges`)",
        ),
        (
            "containers.0.security_context.capabilities.add",
            ["NET_ADMIN"],
            "api has the capability NET_ADMIN (rule `privileges`)",
        ),
        ("volumes.0.host_path", {"path": "/var/run"}, "it has the host's path /var/run (rule `host`)"),
        ("containers.0.ports.0.host_port", 80, "api has the host's port 80 (rule `host`)"),
        ("host_network", True, "it has the host's network (rule `host`)"),
        ("host_pid", True, "it has the host's processes (rule `host`)"),
        ("host_ipc", True, "it has the host's memory (rule `host`)"),
        (
            "containers.0.image",
            "registry.test:5000/previews/shop:1",
            "api runs registry.test:5000/previews/shop:1, which is not named by its content (rule `images`)",
        ),
    ],
)
def test_what_breaks_a_rule_is_said(path: str, value: Any, said: str) -> None:
    assert said in found("apps/v1:Deployment", changed(DEPLOYMENT, f"spec.template.spec.{path}", value))
    assert said in found("core/v1:Pod", changed(POD, f"spec.{path}", value))


@pytest.mark.parametrize("kept", ["init_containers", "ephemeral_containers"])
def test_every_container_of_a_pod_is_judged(kept: str) -> None:
    inputs = changed(POD, f"spec.{kept}", [{"name": "first", "image": "x"}])
    assert {one.partition(" ")[0] for one in found("core/v1:Pod", inputs)} == {"first"}


@pytest.mark.parametrize("kind", ["NodePort", "LoadBalancer"])
def test_a_service_takes_no_port_of_a_node(kind: str) -> None:
    said = f"it has the host's a port for a Service of type {kind} (rule `host`)"
    assert found("core/v1:Service", changed(SERVICE, "spec.type", kind)) == [said]


def test_a_service_takes_no_address() -> None:
    inputs = changed(SERVICE, "spec.external_ips", ["192.0.2.1"])
    assert found("core/v1:Service", inputs) == ["it has the host's address 192.0.2.1 (rule `host`)"]


DB = {"service": {"name": "db"}}


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("networking.k8s.io/v1:Ingress", "spec.rules.0.http.paths.0.backend", DB),
        ("networking.k8s.io/v1:Ingress", "spec.default_backend", DB),
        ("gateway.networking.k8s.io/v1:HTTPRoute", "spec.rules.0.backendRefs.0.name", "db"),
    ],
)
def test_a_route_leads_to_a_web_or_an_api_alone(kind: str, path: str, value: Any) -> None:
    said = "db has a route, and is neither a web nor an api (rule `routes`)"
    assert found(kind, changed(KINDS[kind], path, value)) == [said]


@pytest.mark.parametrize(
    ("ingress", "count"),
    [
        ([{"from_": [{"namespace_selector": {}}]}], 1),
        ([{"from_": [{"ip_block": {"cidr": "0.0.0.0/0"}}]}], 1),
        ([{"ports": [{"port": 5432}]}], 1),
        ([{"from_": [{"pod_selector": {}}]}], 0),
        ([], 0),
    ],
)
def test_a_policy_lets_nobody_from_outside_at_a_database(ingress: list[dict[str, Any]], count: int) -> None:
    inputs = changed(POLICY, "spec.ingress", ingress)
    assert len(found("networking.k8s.io/v1:NetworkPolicy", inputs, "db")) == count
