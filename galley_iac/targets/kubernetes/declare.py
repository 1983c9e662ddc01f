"""Plan → objects of a cluster, in the plan's order."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_kubernetes as k8s

from galley_iac.plan.cluster import Cluster
from galley_iac.plan.model import Plan
from galley_iac.targets import guard
from galley_iac.targets.docker.declare import COMPONENT
from galley_iac.targets.kubernetes import (
    access,
    images,
    jobs,
    namespace,
    pods,
    policies,
    probes,
    routes,
    services,
    workloads,
)
from galley_iac.targets.kubernetes.scope import Gate, Scope, UserOf


def declare(
    plan: Plan, cluster: Cluster, secrets: Mapping[str, str], builder: images.Builder, user_of: UserOf
) -> pulumi.ComponentResource:
    """Declares everything that the plan consists of.

    ``secrets`` are the values of the plan's secrets; ``builder`` makes the images; ``user_of`` says as whom
    one runs. Returns the component that all of it has as its parent.
    """
    component = pulumi.ComponentResource(
        COMPONENT, plan.name, opts=pulumi.ResourceOptions(transformations=[guard.of(plan)])
    )
    provider = k8s.Provider(
        "cluster",
        context=cluster.context or None,
        opts=pulumi.ResourceOptions(parent=component),
    )
    outside = Scope(plan, cluster, secrets, user_of, component, provider)
    pushed = images.declare(outside, builder)
    scope = namespace.declare(outside)
    shared = pods.Shared(pushed, probes.script(scope), access.declare(scope, builder.access))
    ready = _services(scope, shared)
    component.register_outputs({"ready": ready})
    return component


def _services(scope: Scope, shared: pods.Shared) -> list[Gate]:
    """Names, routes and policies first: a service may need its own name to start."""
    closed = policies.declare(scope)
    named = {c.service: services.declare(scope, c) for c in scope.plan.containers if not c.is_job}
    for route in scope.plan.routes:
        routes.declare(scope, named[route.service], route)
    ready: dict[str, Gate] = {}
    for container in scope.plan.containers:
        waits = [*closed, *(ready[name] for name in container.depends_on)]
        make = jobs.declare if container.is_job else workloads.declare
        ready[container.service] = make(scope, container, shared, waits)
    return list(ready.values())
