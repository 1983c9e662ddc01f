"""A one-shot job: runs once for what it is made of, and again after a failure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pulumi
import pulumi_kubernetes.batch.v1 as batch

from galley_iac.cluster import labels
from galley_iac.plan.model import Container
from galley_iac.targets.kubernetes import pods
from galley_iac.targets.kubernetes.scope import Gate, Scope
from galley_iac.targets.kubernetes.workloads import about

_TIMEOUT = "30m"
_AGAIN = {"pulumi.com/replaceUnready": "true"}
"""Else a job that has failed would be left at that by the next update."""

_HASH_LENGTH = 8


def declare(scope: Scope, container: Container, shared: pods.Shared, waits: Sequence[Gate]) -> Gate:
    """The Job. It has its content in its name, so another content is another job, whatever was
    interrupted.
    """
    return batch.Job(
        container.service,
        metadata=scope.metadata(
            name(scope, container),
            container.service,
            labels.ROLE_JOB,
            {**about(scope, container, shared), **_AGAIN},
        ),
        spec=batch.JobSpecArgs(
            backoff_limit=0,
            template=pods.template(scope, container, labels.ROLE_JOB, shared),
        ),
        opts=scope.options(
            depends_on=list(waits),
            delete_before_replace=True,
            custom_timeouts=pulumi.CustomTimeouts(create=_TIMEOUT, update=_TIMEOUT),
        ),
    )


def name(scope: Scope, container: Container) -> str:
    """Over the plan's own words: of a secret they have the name, so that a name can never tell a value."""
    again = scope.deploy if container.service in scope.renewed else ""
    digest = hashlib.sha256(f"{container!r}{again}".encode()).hexdigest()
    return f"{container.service}-{digest[:_HASH_LENGTH]}"
