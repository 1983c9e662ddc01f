"""The preview's private network."""

from __future__ import annotations

import pulumi_docker as docker

from galley_iac.engine import labels
from galley_iac.targets.docker.scope import Scope


def declare(scope: Scope) -> docker.Network:
    """A bridge with a subnet of the preview's own.

    A changed subnet must be deleted first, since the name is taken (docs/engine.md); every other object
    follows.
    """
    identity = scope.plan.preview.identity
    number = "" if identity.pull_request is None else str(identity.pull_request)
    own = scope.labels("", labels.ROLE_NETWORK, branch=identity.branch, pr=number)
    return docker.Network(
        "network",
        docker.NetworkArgs(
            name=scope.plan.name,
            driver="bridge",
            ipam_configs=[docker.NetworkIpamConfigArgs(subnet=scope.facts.subnet)],
            labels=[docker.NetworkLabelArgs(label=label, value=value) for label, value in own.items()],
        ),
        opts=scope.options(delete_before_replace=True),
    )
