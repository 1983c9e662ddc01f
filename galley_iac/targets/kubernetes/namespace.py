"""The preview's namespace, and what it may use at most."""

from __future__ import annotations

import dataclasses

import pulumi_kubernetes.core.v1 as core
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from galley_iac.cluster import labels
from galley_iac.plan.model import Container, Limits
from galley_iac.targets.kubernetes import quantity
from galley_iac.targets.kubernetes.probes import PROBER_LIMITS
from galley_iac.targets.kubernetes.scope import Scope

_POD_SECURITY = "pod-security.kubernetes.io"
_LEVEL = "baseline"
_GRACE_PODS = 4
"""Pods beyond two for each service: those that are on their way out do not count, but may be slow to go."""


def declare(scope: Scope) -> Scope:
    """The namespace with its quota, and its limits for what says none; the scope to declare the rest in."""
    identity = scope.plan.preview.identity
    number = "" if identity.pull_request is None else str(identity.pull_request)
    about = {labels.PROJECT: identity.project, labels.BRANCH: identity.branch, labels.PULL_REQUEST: number}
    security = {f"{_POD_SECURITY}/{mode}": _LEVEL for mode in ("enforce", "warn")}
    made = core.Namespace(
        "namespace",
        metadata=ObjectMetaArgs(
            name=scope.plan.name,
            labels={**scope.labels("", labels.ROLE_NAMESPACE), **security},
            annotations={name: value for name, value in about.items() if value},
        ),
        opts=scope.options(),
    )
    inside = dataclasses.replace(scope, namespace=made)
    _quota(inside)
    _defaults(inside)
    return inside


def _quota(scope: Scope) -> None:
    """Room for every pod twice, since a new one starts before the old one ends; no way out of the cluster."""
    sizes = [_size(container) for container in scope.plan.containers]
    cpus, memory = sum(size.cpus for size in sizes), sum(size.memory for size in sizes)
    core.ResourceQuota(
        "quota",
        metadata=scope.metadata("quota", "", labels.ROLE_NAMESPACE),
        spec=core.ResourceQuotaSpecArgs(
            hard={
                "limits.cpu": quantity.cpus(2 * cpus),
                "limits.memory": quantity.memory(2 * memory),
                "pods": str(2 * len(sizes) + _GRACE_PODS),
                "persistentvolumeclaims": str(len([c for c in scope.plan.containers if c.volume])),
                "services.loadbalancers": "0",
                "services.nodeports": "0",
            }
        ),
        opts=scope.options(),
    )


def _size(container: Container) -> Limits:
    prober = PROBER_LIMITS if container.is_probed else Limits(0, 0)
    return Limits(container.limits.cpus + prober.cpus, container.limits.memory + prober.memory)


def _defaults(scope: Scope) -> None:
    """For a pod that somebody else puts there, such as a debugging one: the quota refuses one without
    limits.
    """
    core.LimitRange(
        "limits",
        metadata=scope.metadata("limits", "", labels.ROLE_NAMESPACE),
        spec=core.LimitRangeSpecArgs(
            limits=[
                core.LimitRangeItemArgs(
                    type="Container",
                    default={"cpu": quantity.cpus(PROBER_LIMITS.cpus), "memory": "128Mi"},
                    default_request=quantity.requests(PROBER_LIMITS),
                )
            ]
        ),
        opts=scope.options(),
    )
