"""Who can reach whom: nobody, but siblings, the ingress controller at a web or api, names, and the
internet.
"""

from __future__ import annotations

import pulumi
import pulumi_kubernetes.networking.v1 as networking
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs

from galley_iac.cluster import labels
from galley_iac.plan.model import Route
from galley_iac.targets.kubernetes.scope import Scope

_DNS = 53
_NAMESPACE = "kubernetes.io/metadata.name"
_INSIDE = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]
_INSIDE_6 = ["fc00::/7", "fe80::/10"]
"""The cluster's pods, services and nodes, the network around them, and the clouds' metadata services."""


def declare(scope: Scope) -> list[pulumi.Resource]:
    """All policies; pods are made after them, so that nothing is open for a moment."""
    return [_default(scope), *(_route(scope, route) for route in scope.plan.routes)]


def _default(scope: Scope) -> pulumi.Resource:
    """For every pod of the namespace, somebody's debugging pod too."""
    siblings = networking.NetworkPolicyPeerArgs(pod_selector=LabelSelectorArgs())
    names = [networking.NetworkPolicyPortArgs(port=_DNS, protocol=protocol) for protocol in ("UDP", "TCP")]
    internet = [_block("0.0.0.0/0", _INSIDE), _block("::/0", _INSIDE_6)]
    return networking.NetworkPolicy(
        "default",
        metadata=scope.metadata("default", "", labels.ROLE_POLICY),
        spec=networking.NetworkPolicySpecArgs(
            pod_selector=LabelSelectorArgs(),
            policy_types=["Ingress", "Egress"],
            ingress=[networking.NetworkPolicyIngressRuleArgs(from_=[siblings])],
            egress=[
                networking.NetworkPolicyEgressRuleArgs(to=[siblings]),
                networking.NetworkPolicyEgressRuleArgs(ports=names),
                networking.NetworkPolicyEgressRuleArgs(to=internet),
            ],
        ),
        opts=scope.options(),
    )


def _route(scope: Scope, route: Route) -> pulumi.Resource:
    """From the ingress controller's namespace to the exposed port, and to no other."""
    controller = networking.NetworkPolicyPeerArgs(
        namespace_selector=LabelSelectorArgs(match_labels={_NAMESPACE: scope.cluster.ingress_namespace})
    )
    port = networking.NetworkPolicyPortArgs(port=route.port, protocol="TCP")
    return networking.NetworkPolicy(
        route.service,
        metadata=scope.metadata(route.service, route.service, labels.ROLE_POLICY),
        spec=networking.NetworkPolicySpecArgs(
            pod_selector=LabelSelectorArgs(match_labels={labels.SERVICE: route.service}),
            policy_types=["Ingress"],
            ingress=[networking.NetworkPolicyIngressRuleArgs(from_=[controller], ports=[port])],
        ),
        opts=scope.options(),
    )


def _block(network: str, without: list[str]) -> networking.NetworkPolicyPeerArgs:
    return networking.NetworkPolicyPeerArgs(ip_block=networking.IPBlockArgs(cidr=network, except_=without))
