"""Applies the rules of :mod:`galley_iac.policy` to whatever a target declares, before it is registered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

from galley_iac.manifest.models import Kind
from galley_iac.plan.model import Plan
from galley_iac.policy import violations
from galley_iac.policy.model import UNKNOWN

Transformation = Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]

_ROUTABLE = (Kind.WEB, Kind.API)


def of(plan: Plan) -> Transformation:
    """For the component that is the parent of all resources: each is judged once its inputs are known.

    One that breaks a rule fails the update with what it breaks, and neither it nor what waits for it is made.
    """
    routable = frozenset(one.service for one in plan.containers if one.kind in _ROUTABLE)

    def guarded(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if isinstance(args.resource, pulumi.ProviderResource):
            return None

        def judged(inputs: Any) -> list[pulumi.Resource]:
            found = violations(args.type_, args.name, plain(inputs), routable)
            if found:
                raise pulumi.RunError(_text(args, found))
            return []

        passed = pulumi.Output.from_input(dict(args.props)).apply(judged, run_with_unknowns=True)
        options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(depends_on=passed))
        return pulumi.ResourceTransformationResult(args.props, options)

    return guarded


def plain(value: Any) -> Any:
    """Inputs as maps, lists and values."""
    if isinstance(value, pulumi.output.Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return plain(vars(value)) if hasattr(value, "__dict__") else value


def _text(args: pulumi.ResourceTransformationArgs, found: list[str]) -> str:
    lines = "".join(f"\n    {line}" for line in found)
    return f"{args.name} breaks the rules for what a preview may declare (docs/policy.md):{lines}"
