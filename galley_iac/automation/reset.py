"""Throws one service's data away and lets what fills it run again.

Only the objects are removed: that they are missing is what any update puts right, by a refresh, so an
interruption at whatever moment is repaired by the next ``up``.
"""

from __future__ import annotations

import contextlib

import docker

from galley_iac.automation import hold
from galley_iac.automation.outcome import OnProgress, Updated
from galley_iac.automation.up import up
from galley_iac.engine import labels, ownership
from galley_iac.engine.live import observe
from galley_iac.errors import UsageError
from galley_iac.plan.model import Plan
from galley_iac.plan.renewal import refilled
from galley_iac.request import Prepared


def reset(
    client: docker.DockerClient, prepared: Prepared, service: str, notify: OnProgress
) -> tuple[frozenset[str], Updated]:
    """An ``up`` of a preview whose ``service`` begins empty; returns which services were made anew as well.

    Raises UsageError where the service keeps no data, and as ``up`` does.
    """
    plan = prepared.plan
    _check(prepared, service)
    anew = refilled(plan, service)
    with hold.exclusive(client, plan.name):
        ownership.refuse_foreign(plan.name, plan.preview.identity, observe(client, plan.name).identities)
        _remove(client, plan, service, anew)
    return anew, up(client, prepared, notify, refresh=True)


def _check(prepared: Prepared, service: str) -> None:
    keeping = sorted(one.service for one in prepared.plan.containers if one.volume)
    if prepared.settings.cluster:
        raise UsageError("reset is for previews on Docker", "on a cluster, remove the service's volume claim")
    if service not in keeping:
        there = ", ".join(keeping) or "none"
        raise UsageError(f"{service} is no service that keeps data", f"those that do: {there}")


def _remove(client: docker.DockerClient, plan: Plan, service: str, anew: frozenset[str]) -> None:
    """Those that depend on others first; the volume once nobody has it."""
    live = observe(client, plan.name)
    order = [container.service for container in reversed(plan.containers)]
    going = [one for one in live.containers if one.service in anew]
    for container in sorted(going, key=lambda one: order.index(one.service)):
        with contextlib.suppress(docker.errors.NotFound):
            client.api.remove_container(container.id, v=True, force=True)
    selector = {"label": [f"{labels.PREVIEW}={plan.name}", f"{labels.SERVICE}={service}"]}
    for volume in client.api.volumes(filters=selector).get("Volumes") or []:
        client.api.remove_volume(volume["Name"])
