"""What all declarations of one preview share: names, labels, options, the values the plan leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_docker as docker

from galley_iac.engine import labels
from galley_iac.engine.facts import Facts
from galley_iac.handover import Handover
from galley_iac.plan.model import Plan
from galley_iac.plan.render import fingerprint
from galley_iac.plan.renewal import renewed
from galley_iac.plan.values import Open, Secret, Value

UNNEEDED_CAPABILITIES = ("CAP_AUDIT_WRITE", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SYS_CHROOT")
"""Of Docker's default set, what no service needs: raw sockets (spoofing a sibling), device nodes, file
capabilities.
"""

NO_NEW_PRIVILEGES = "no-new-privileges:true"

Gate = pulumi.Input[pulumi.Resource]
"""Yields the resource to wait for, or fails the update when its service is not ready."""


@dataclass(frozen=True)
class Scope:
    """One preview's declaration in progress."""

    plan: Plan
    facts: Facts
    secrets: Mapping[str, str]
    root: Path
    """The repository's root, which build contexts are relative to."""
    component: pulumi.ComponentResource
    provider: docker.Provider
    handover: Handover | None = None

    @property
    def deploy(self) -> str:
        """Changes with every deploy: an update that changes anything of the preview."""
        return fingerprint(self.plan)

    @property
    def renewed(self) -> frozenset[str]:
        """Services whose containers are new with every deploy."""
        return renewed(self.plan)

    def name(self, *parts: str) -> str:
        """The object's name on the engine: ``<preview>.<service>...``."""
        return ".".join((self.plan.name, *parts))

    def labels(self, service: str, role: str, **more: str) -> dict[str, str]:
        """An object's labels, sorted, without empty ones: their order would show as a difference."""
        own = {**self.plan.labels, labels.SERVICE: service, labels.ROLE: role}
        own.update({f"{labels.PREFIX}{key}": value for key, value in more.items()})
        return {key: value for key, value in sorted(own.items()) if value}

    def container_labels(self, service: str, role: str, **more: str) -> list[docker.ContainerLabelArgs]:
        """The same in the form that containers want."""
        own = self.labels(service, role, **more)
        return [docker.ContainerLabelArgs(label=label, value=value) for label, value in own.items()]

    def options(self, **more: object) -> pulumi.ResourceOptions:
        """Parent and provider, and whatever else one resource needs."""
        return pulumi.ResourceOptions.merge(
            pulumi.ResourceOptions(parent=self.component, provider=self.provider),
            pulumi.ResourceOptions(**more),  # type: ignore[arg-type]
        )

    def text(self, value: Value) -> pulumi.Input[str]:
        """A value with what the plan left open; a secret part makes the whole a Pulumi secret."""
        rendered = value.render(self._fill)
        return pulumi.Output.secret(rendered) if value.is_secret else rendered

    def _fill(self, part: Secret | Open) -> str:
        if isinstance(part, Secret):
            return self.secrets[part.name]
        return str(self.facts.router_port)


def hardened(dropped: Iterable[str] = UNNEEDED_CAPABILITIES, adds: Sequence[str] = ()) -> dict[str, Any]:
    """Arguments that every container gets: fewer capabilities, and no way to gain new ones."""
    return {
        "capabilities": docker.ContainerCapabilitiesArgs(adds=list(adds) or None, drops=sorted(dropped)),
        "security_opts": [NO_NEW_PRIVILEGES],
    }
