"""The end of an update: are they still running, a moment after they were started?"""

from __future__ import annotations

import time
from dataclasses import replace

import docker

from galley_iac.automation import report
from galley_iac.engine.live import Live, LiveContainer, observe
from galley_iac.engine.status import (
    PreviewStatus,
    ServiceStatus,
    preview_status,
    router_status,
    service_status,
)
from galley_iac.errors import PreviewError
from galley_iac.plan.model import Plan, RunningCheck
from galley_iac.timing import age_seconds

SETTLED_AFTER = 2.0
"""Seconds that a service without a check has to run: long enough for a missing module or a wrong option to
show.
"""

_PAUSE = 0.2


def settle(client: docker.DockerClient, plan: Plan) -> PreviewStatus:
    """The status once nothing is young any more. Raises PreviewError when a service is not as it should be.

    Bounded by this machine's clock too: a remote engine's may differ.
    """
    end = time.monotonic() + SETTLED_AFTER
    while True:
        live = observe(client, plan.name)
        bad = [*unhealthy(plan, live), *_crashing(plan, live)]
        if bad:
            raise PreviewError(report.unsettled(client, plan, live, bad))
        wait = _youngest(plan, live)
        if wait <= 0 or time.monotonic() >= end:
            return preview_status(plan.name, live)
        time.sleep(min(wait, _PAUSE))


def unhealthy(plan: Plan, live: Live) -> list[ServiceStatus]:
    """The plan's services, its router among them, that are not as they should be."""
    names = [container.service for container in plan.containers]
    found = [service_status(live, name) for name in names]
    if plan.router:
        found.append(router_status(live))
    return [status for status in found if not status.healthy]


def _crashing(plan: Plan, live: Live) -> list[ServiceStatus]:
    """A service that crashes and is started again is running whenever one looks."""
    return [
        replace(
            service_status(live, c.service),
            state="restarting",
            reason=f"crashed and was restarted {c.restarts} times",
        )
        for c in _unasked(plan, live)
        if c.restarts > 0 and age_seconds(c.started_at) < SETTLED_AFTER
    ]


def _youngest(plan: Plan, live: Live) -> float:
    """Seconds until the youngest service without a check is old enough."""
    return max((SETTLED_AFTER - age_seconds(c.started_at) for c in _unasked(plan, live)), default=0.0)


def _unasked(plan: Plan, live: Live) -> list[LiveContainer]:
    """Containers of services that have no check but that they run."""
    found = (live.container(c.service) for c in plan.containers if isinstance(c.check, RunningCheck))
    return [container for container in found if container is not None]
