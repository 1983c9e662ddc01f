"""Every service's name: a headless Service, so that siblings reach it on any port, as on Docker."""

from __future__ import annotations

import pulumi_kubernetes.core.v1 as core

from galley_iac.cluster import labels
from galley_iac.plan.model import Container
from galley_iac.targets.kubernetes.scope import SKIP_AWAIT, Scope


def declare(scope: Scope, container: Container) -> core.Service:
    """The name resolves to the pod itself; a port is named only where there is one, for the route."""
    port = core.ServicePortArgs(port=container.expose) if container.expose else None
    own = scope.labels(container.service, labels.ROLE_SERVICE)
    return core.Service(
        container.service,
        metadata=scope.metadata(container.service, container.service, labels.ROLE_SERVICE, SKIP_AWAIT),
        spec=core.ServiceSpecArgs(
            cluster_ip="None",
            selector={key: own[key] for key in (labels.PREVIEW, labels.SERVICE)},
            ports=[port] if port else None,
        ),
        opts=scope.options(),
    )
