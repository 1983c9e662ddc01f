"""What a pod may do: no more than on Docker, and not as root where its image says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_kubernetes.core.v1 as core

from galley_iac.targets.docker.scope import UNNEEDED_CAPABILITIES

_PREFIX = "CAP_"
_LOW_PORTS = core.SysctlArgs(name="net.ipv4.ip_unprivileged_port_start", value="0")
"""As Docker has it: an image that listens on port 80 without being root works on both."""


def pod(user: pulumi.Output[str], *, keeps_data: bool) -> pulumi.Output[core.PodSecurityContextArgs]:
    """Of the pod. A volume belongs to the image's group where that is not root's."""

    def made(name: str) -> core.PodSecurityContextArgs:
        return core.PodSecurityContextArgs(
            fs_group=_number(name) if keeps_data else None,
            seccomp_profile=core.SeccompProfileArgs(type="RuntimeDefault"),
            sysctls=[_LOW_PORTS],
        )

    return user.apply(made)


def container(user: pulumi.Output[str]) -> pulumi.Output[core.SecurityContextArgs]:
    """Of the service's container. Only a user by number can be held to it: the node does not know names."""

    def made(name: str) -> core.SecurityContextArgs:
        drop = ["ALL"] if _number(name) else [one.removeprefix(_PREFIX) for one in UNNEEDED_CAPABILITIES]
        return core.SecurityContextArgs(
            allow_privilege_escalation=False,
            capabilities=core.CapabilitiesArgs(drop=drop),
            run_as_non_root=True if _number(name) else None,
        )

    return user.apply(made)


def _number(user: str) -> int | None:
    """The user's number; None for root, and for a name."""
    name = user.partition(":")[0]
    return int(name) or None if name.isdigit() else None


LOCKED: Mapping[str, Any] = {"automount_service_account_token": False, "enable_service_links": False}
"""Of every pod: no token of the cluster's, and no variables that name other services."""
