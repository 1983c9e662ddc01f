"""What all declarations of one preview share: names, labels, options, values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.meta.v1.outputs import ObjectMeta

from galley_iac.cluster import labels
from galley_iac.plan.cluster import Cluster
from galley_iac.plan.model import Image, Plan
from galley_iac.plan.render import fingerprint
from galley_iac.plan.renewal import renewed
from galley_iac.plan.values import Secret, Value

Gate = pulumi.Resource
"""What a dependent waits for: Pulumi itself waits until a workload is ready, or a job has succeeded."""

UserOf = Callable[[Image, str], str]
"""The user that an image runs as, by what the plan calls it and the engine's id; empty for root."""

SKIP_AWAIT = {"pulumi.com/skipAwait": "true"}
"""For objects whose readiness depends on others: a volume waits for its first pod, a route for an address."""


@dataclass(frozen=True)
class Scope:
    """One preview's declaration in progress."""

    plan: Plan
    cluster: Cluster
    secrets: Mapping[str, str]
    user_of: UserOf
    component: pulumi.ComponentResource
    provider: k8s.Provider
    namespace: pulumi.Resource | None = None
    """Set once it is declared: everything else waits for it, and goes with it."""

    @property
    def deploy(self) -> str:
        """Changes with every deploy: an update that changes anything of the preview."""
        return fingerprint(self.plan)

    @property
    def renewed(self) -> frozenset[str]:
        """Services whose pods are new with every deploy."""
        return renewed(self.plan)

    def labels(self, service: str, role: str) -> dict[str, str]:
        """The labels of an object; a value that a label cannot hold is made fit."""
        return labels.of(self.plan, service, role)

    def metadata(
        self,
        name: str | pulumi.Output[str] | None,
        service: str,
        role: str,
        annotations: Mapping[str, pulumi.Input[str]] | None = None,
    ) -> ObjectMetaArgs:
        """Of an object in the preview's namespace; without a name, Pulumi makes one up."""
        return ObjectMetaArgs(
            name=name,
            namespace=self.plan.name,
            labels=self.labels(service, role),
            annotations=dict(annotations) if annotations else None,
        )

    def options(self, **more: object) -> pulumi.ResourceOptions:
        """Parent, provider and namespace, and whatever else one object needs.

        What is in the namespace goes with it: Pulumi need not remove each object by itself.
        """
        own: dict[str, object] = {"parent": self.component, "provider": self.provider}
        if self.namespace:
            own |= {"depends_on": [self.namespace], "deleted_with": self.namespace}
        return pulumi.ResourceOptions.merge(
            pulumi.ResourceOptions(**own),  # type: ignore[arg-type]
            pulumi.ResourceOptions(**more),  # type: ignore[arg-type]
        )

    def text(self, value: Value) -> pulumi.Input[str]:
        """A value with its secrets; a secret part makes the whole a Pulumi secret."""
        rendered = value.render(lambda part: self.secrets[part.name] if isinstance(part, Secret) else "")
        return pulumi.Output.secret(rendered) if value.is_secret else rendered


def name_of(metadata: pulumi.Output[ObjectMeta]) -> pulumi.Output[str]:
    """The name that an object has got."""
    return metadata.apply(lambda found: found.name or "")
