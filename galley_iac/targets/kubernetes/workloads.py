"""A service that stays: a Deployment, whose update Pulumi follows to its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_kubernetes.apps.v1 as apps
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs

from galley_iac.cluster import labels
from galley_iac.plan.model import Container, HttpCheck, ProtocolCheck
from galley_iac.targets.kubernetes import pods
from galley_iac.targets.kubernetes.scope import Gate, Scope

_START = 180
"""Seconds beyond a service's own timeout for finding a node and pulling the image."""

_SETTLED = 2
"""Seconds that a service without a check has to run before it counts as up, as on Docker."""

_KEPT_REVISIONS = 1


def declare(scope: Scope, container: Container, shared: pods.Shared, waits: Sequence[Gate]) -> Gate:
    """The Deployment of a service, made when all of ``waits`` are ready.

    What keeps data is removed before its successor is made: two databases must never have one volume. It is
    the only way besides a rolling update of which Pulumi says truly how it ended (docs/kubernetes.md).
    """
    timeout = f"{_START + _timeout(container)}s"
    more: dict[str, Any] = {}
    if container.volume:
        more = {"replace_on_changes": ["spec"], "delete_before_replace": True}
    return apps.Deployment(
        container.service,
        metadata=scope.metadata(
            container.service, container.service, labels.ROLE_SERVICE, about(scope, container, shared)
        ),
        spec=_spec(scope, container, shared),
        opts=scope.options(
            depends_on=list(waits),
            custom_timeouts=pulumi.CustomTimeouts(create=timeout, update=timeout),
            **more,
        ),
    )


def about(scope: Scope, container: Container, shared: pods.Shared) -> dict[str, pulumi.Input[str]]:
    """What a person, or a later update, is told of a service, and nobody selects by."""
    urls = [route.url for route in scope.plan.routes if route.service == container.service]
    image = labels.name_of(container.image)
    found = {labels.KIND: container.kind.value, labels.IMAGE: image, labels.URLS: "".join(map(str, urls))}
    user = shared.images[container.image].user
    return {**{name: text for name, text in found.items() if text}, labels.USER: user}


def _spec(scope: Scope, container: Container, shared: pods.Shared) -> apps.DeploymentSpecArgs:
    selected = {key: scope.labels(container.service, "")[key] for key in (labels.PREVIEW, labels.SERVICE)}
    return apps.DeploymentSpecArgs(
        replicas=1,
        min_ready_seconds=None if container.is_probed else _SETTLED,
        revision_history_limit=_KEPT_REVISIONS,
        selector=LabelSelectorArgs(match_labels=selected),
        strategy=apps.DeploymentStrategyArgs(
            type="RollingUpdate",
            rolling_update=apps.RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0),
        ),
        template=pods.template(scope, container, labels.ROLE_SERVICE, shared),
    )


def _timeout(container: Container) -> int:
    check = container.check
    return int(check.timeout) if isinstance(check, HttpCheck | ProtocolCheck) else _SETTLED
