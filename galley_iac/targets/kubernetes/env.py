"""A service's environment: one Secret that holds all of it.

A manifest's plain values hold passwords as often as not (``postgres://app:pw@...``), so there is one way for
all. Pulumi makes up the Secret's name and a new one when a value changes: that is what starts the pods anew.
"""

from __future__ import annotations

import pulumi_kubernetes.core.v1 as core

from galley_iac.cluster import labels
from galley_iac.plan.model import Container
from galley_iac.targets.kubernetes.scope import Scope, name_of


def declare(scope: Scope, container: Container) -> list[core.EnvVarArgs]:
    """The Secret, and the variables that are taken from it; none where the manifest gives none."""
    if not container.env:
        return []
    made = core.Secret(
        f"{container.service}.env",
        metadata=scope.metadata(None, container.service, labels.ROLE_ENVIRONMENT),
        immutable=True,
        string_data={name: scope.text(value) for name, value in container.env},
        opts=scope.options(),
    )
    source = name_of(made.metadata)
    return [
        core.EnvVarArgs(
            name=name,
            value_from=core.EnvVarSourceArgs(
                secret_key_ref=core.SecretKeySelectorArgs(name=source, key=name)
            ),
        )
        for name, _ in container.env
    ]
