"""The pod of a service: its container, what asks it whether it is ready, and its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes.core.v1 as core
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from galley_iac.cluster import labels
from galley_iac.plan.model import Container, Image
from galley_iac.targets.kubernetes import env, probes, quantity, security, volumes
from galley_iac.targets.kubernetes.images import Pushed
from galley_iac.targets.kubernetes.scope import Scope

_GRACE, _DATA_GRACE = 5, 10
"""Seconds to stop in its own way: what keeps data gets the more."""

_LINGER = 3
"""Seconds that a pod with a route goes on answering: controllers need time to send requests elsewhere."""


@dataclass(frozen=True)
class Shared:
    """What all pods of a preview have in common."""

    images: Mapping[Image, Pushed]
    script: pulumi.Output[str] | None
    pull_secrets: Sequence[core.LocalObjectReferenceArgs]


def template(scope: Scope, container: Container, role: str, shared: Shared) -> core.PodTemplateSpecArgs:
    """The pod's template, as a Deployment or a Job takes it."""
    deploy = {labels.DEPLOY: scope.deploy} if container.service in scope.renewed else None
    return core.PodTemplateSpecArgs(
        metadata=ObjectMetaArgs(labels=scope.labels(container.service, role), annotations=deploy),
        spec=_spec(scope, container, shared),
    )


def _spec(scope: Scope, container: Container, shared: Shared) -> core.PodSpecArgs:
    data = volumes.declare(scope, container)
    asked = shared.script if container.is_probed else None
    probers = [probes.prober(container, shared.images[scope.plan.probe_image].reference)] if asked else []
    keeps_data = container.volume is not None
    return core.PodSpecArgs(
        hostname=container.service,
        containers=[_main(scope, container, shared), *probers],
        volumes=[*data, *([probes.volume(asked)] if asked else [])] or None,
        image_pull_secrets=list(shared.pull_secrets) or None,
        restart_policy="Never" if container.is_job else "Always",
        termination_grace_period_seconds=(_DATA_GRACE if keeps_data else _GRACE) + _linger(scope, container),
        security_context=security.pod(shared.images[container.image].user, keeps_data=keeps_data),
        **security.LOCKED,
    )


def _main(scope: Scope, container: Container, shared: Shared) -> core.ContainerArgs:
    image = shared.images[container.image]
    port = [core.ContainerPortArgs(container_port=container.expose)] if container.expose else None
    return core.ContainerArgs(
        name=container.service,
        image=image.reference,
        image_pull_policy="IfNotPresent",
        command=_literal(container.entrypoint),
        args=_literal(container.command),
        env=env.declare(scope, container) or None,
        ports=port,
        volume_mounts=volumes.mounts(container),
        resources=core.ResourceRequirementsArgs(
            limits=quantity.limits(container.limits), requests=quantity.requests(container.limits)
        ),
        lifecycle=_lifecycle(_linger(scope, container)),
        security_context=security.container(image.user),
    )


def _linger(scope: Scope, container: Container) -> int:
    return _LINGER if any(route.service == container.service for route in scope.plan.routes) else 0


def _lifecycle(seconds: int) -> core.LifecycleArgs | None:
    """By the node itself: there may be no ``sleep`` in the image."""
    if not seconds:
        return None
    return core.LifecycleArgs(pre_stop=core.LifecycleHandlerArgs(sleep=core.SleepActionArgs(seconds=seconds)))


def _literal(words: tuple[str, ...] | None) -> list[str] | None:
    """The cluster would replace ``$(NAME)`` and halve ``$$``."""
    return [word.replace("$", "$$") for word in words] if words else None
