"""Public hosts: an Ingress for each web and api, or an HTTPRoute where a Gateway is configured."""

from __future__ import annotations

import pulumi
import pulumi_kubernetes.networking.v1 as networking
from pulumi_kubernetes.apiextensions import CustomResource

from galley_iac.cluster import labels
from galley_iac.plan.model import Route
from galley_iac.targets.kubernetes.scope import SKIP_AWAIT, Scope

_ISSUER = "cert-manager.io/cluster-issuer"
_GATEWAY_API = "gateway.networking.k8s.io/v1"


def declare(scope: Scope, service: pulumi.Resource, route: Route) -> pulumi.Resource:
    """The route to a service, for all of its hosts."""
    return (_http_route if scope.cluster.gateway else _ingress)(scope, service, route)


def _ingress(scope: Scope, service: pulumi.Resource, route: Route) -> pulumi.Resource:
    """Not waited for: whether a controller publishes its address is the cluster's own affair."""
    issuer = {_ISSUER: scope.cluster.issuer} if scope.cluster.issuer else {}
    return networking.Ingress(
        route.service,
        metadata=scope.metadata(route.service, route.service, labels.ROLE_ROUTE, {**SKIP_AWAIT, **issuer}),
        spec=networking.IngressSpecArgs(
            ingress_class_name=scope.cluster.ingress_class or None,
            rules=[_rule(host, route) for host in route.hosts],
            tls=_tls(scope, route),
        ),
        opts=scope.options(depends_on=[service]),
    )


def _rule(host: str, route: Route) -> networking.IngressRuleArgs:
    port = networking.ServiceBackendPortArgs(number=route.port)
    backend = networking.IngressBackendArgs(
        service=networking.IngressServiceBackendArgs(name=route.service, port=port)
    )
    path = networking.HTTPIngressPathArgs(path="/", path_type="Prefix", backend=backend)
    return networking.IngressRuleArgs(host=host, http=networking.HTTPIngressRuleValueArgs(paths=[path]))


def _tls(scope: Scope, route: Route) -> list[networking.IngressTLSArgs] | None:
    """With an issuer, which fills it, a secret for each route; else the one that there is, if there is
    one.
    """
    name = f"{route.service}-tls" if scope.cluster.issuer else scope.cluster.tls_secret
    return [networking.IngressTLSArgs(hosts=list(route.hosts), secret_name=name)] if name else None


def _http_route(scope: Scope, service: pulumi.Resource, route: Route) -> pulumi.Resource:
    """The certificate is the Gateway's own."""
    namespace, _, name = scope.cluster.gateway.partition("/")
    return CustomResource(
        route.service,
        api_version=_GATEWAY_API,
        kind="HTTPRoute",
        metadata=scope.metadata(route.service, route.service, labels.ROLE_ROUTE, SKIP_AWAIT),
        spec={
            "parentRefs": [{"name": name, "namespace": namespace}],
            "hostnames": list(route.hosts),
            "rules": [{"backendRefs": [{"name": route.service, "port": route.port}]}],
        },
        opts=scope.options(depends_on=[service]),
    )
