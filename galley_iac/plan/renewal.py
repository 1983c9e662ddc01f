"""Which containers are new on every deploy, whatever has changed.

An ephemeral service begins empty, so whatever filled it has to run again: a job that depends on it, directly
or not, and a service that depends on an ephemeral database, since it may bring the schema up to date.
"""

from __future__ import annotations

from dataclasses import replace

from galley_iac.manifest.models import Kind
from galley_iac.plan.model import Container, Plan


def renewed(plan: Plan) -> frozenset[str]:
    """The services whose containers are replaced by every update that changes anything of the plan."""
    found: set[str] = set()
    emptied: set[str] = set()
    for container in plan.containers:
        if container.ephemeral or not emptied.isdisjoint(container.depends_on):
            emptied.add(container.service)
        if container.ephemeral or _begins_anew(plan, container, emptied):
            found.add(container.service)
    return frozenset(found)


def refilled(plan: Plan, service: str) -> frozenset[str]:
    """The service and whatever filled it, as if its data, and no other's, were thrown away by this deploy."""
    containers = [replace(one, ephemeral=one.service == service) for one in plan.containers]
    return renewed(replace(plan, containers=tuple(containers)))


def _begins_anew(plan: Plan, container: Container, emptied: set[str]) -> bool:
    """``emptied`` holds the ephemeral services so far, and all that depends on them, directly or not."""
    if container.is_job:
        return container.service in emptied
    needs = (plan.container(name) for name in container.depends_on)
    return any(needed.ephemeral and needed.kind is Kind.DATABASE for needed in needs)
