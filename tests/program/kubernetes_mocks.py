"""A cluster as the provider would report it, and one preview's declaration on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.runtime import mocks

from galley_iac.engine.registries import Access
from galley_iac.plan.cluster import Cluster, Registry
from galley_iac.plan.model import BuiltImage, Plan
from galley_iac.targets.kubernetes import declare
from galley_iac.targets.kubernetes.images import Builder
from tests.program.docker_mocks import ENGINE, ROOT, SECRETS, identifier
from tests.program.recording import Run, record

CLUSTER = Cluster(
    Registry("registry.test:5000/previews", plain=True), context="test", ingress_class="traefik"
)
NUMBERED_USER = "1000:1000"
MADE_UP = "-1a2b3c4d"


class FakeCluster(mocks.Mocks):  # type: ignore[misc]
    """Every object comes into being at once; one without a name gets one, as the provider does it."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        state = {**args.inputs, **self._computed(args)}
        return f"id-{args.name}", state

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        raise AssertionError(f"the program asks the provider for {args.token}")

    def _computed(self, args: mocks.MockResourceArgs) -> dict[str, Any]:
        if args.typ.endswith(":RemoteImage"):
            return {"imageId": identifier(args.inputs["name"])}
        if args.typ.endswith(":RegistryImage"):
            return {"sha256Digest": f"sha256:{'0' * 56}{len(args.inputs['name']):08x}"}
        if "metadata" in args.inputs:
            return {"metadata": {"name": f"{args.name}{MADE_UP}", **args.inputs["metadata"]}}
        return {}


def declared(
    plan: Plan,
    *,
    cluster: Cluster = CLUSTER,
    access: Access | None = None,
    user: str = "",
    preview: bool = False,
    secrets: Mapping[str, str] = SECRETS,
) -> Run:
    """Everything that is registered for a plan; ``user`` is that of every built image."""
    builder = Builder(ENGINE, frozenset(), access or Access(), ROOT)
    return record(
        lambda: declare(
            plan, cluster, secrets, builder, lambda image, _: user if isinstance(image, BuiltImage) else ""
        ),
        FakeCluster(),
        stack=plan.name,
        preview=preview,
    )
