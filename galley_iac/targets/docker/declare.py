"""Plan + facts → resources, in the plan's order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi
import pulumi_docker as docker

from galley_iac.engine.facts import Facts
from galley_iac.engine.registries import Access
from galley_iac.handover import Handover
from galley_iac.plan.model import Plan
from galley_iac.targets import guard
from galley_iac.targets.docker import containers, images, network, readiness, registries, router
from galley_iac.targets.docker.scope import Gate, Scope

COMPONENT = "galley:index:Preview"
NO_ACCESS = Access()


def declare(
    plan: Plan,
    facts: Facts,
    secrets: Mapping[str, str],
    root: Path,
    engine: str | None,
    access: Access = NO_ACCESS,
    handover: Handover | None = None,
) -> pulumi.ComponentResource:
    """Declares everything that the plan consists of.

    ``secrets`` are the values of the plan's secrets; ``root`` is the repository's; ``engine`` is the Docker
    host, None for the provider's own default. ``access`` is for pulling; ``handover`` is needed where an
    image is built with secrets. Returns the component that all of it has as its parent.
    """
    component = pulumi.ComponentResource(
        COMPONENT, plan.name, opts=pulumi.ResourceOptions(transformations=[guard.of(plan)])
    )
    provider = docker.Provider(
        "engine",
        docker.ProviderArgs(host=engine, registry_auth=registries.declare(plan, access)),
        opts=pulumi.ResourceOptions(parent=component),
    )
    scope = Scope(plan, facts, secrets, root, component, provider, handover)
    preview_network = network.declare(scope)
    built = images.declare(scope)
    ready = _services(scope, preview_network, built)
    router.declare(scope, preview_network, built)
    component.register_outputs({"ready": ready})
    return component


def _services(scope: Scope, private: docker.Network, built: images.Declared) -> list[Gate]:
    ready: dict[str, Gate] = {}
    for container in scope.plan.containers:
        waits = [ready[name] for name in container.depends_on]
        declared = containers.declare(scope, container, private, built, waits)
        ready[container.service] = readiness.declare(scope, container, declared, private, built)
    return list(ready.values())
