"""The end of an update, or of waking: are they still running, a moment after they were started?"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import docker

from galley_iac.automation import report
from galley_iac.engine import labels
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


@dataclass(frozen=True)
class Expected:
    """What has to be as it should: ``services``, of which those in ``unasked`` have no check but that they
    run, and the router, where there is one.
    """

    preview: str
    services: tuple[str, ...]
    unasked: tuple[str, ...]
    router: bool


def of_plan(plan: Plan) -> Expected:
    """Everything that the plan has, its jobs among it."""
    unasked = [c.service for c in plan.containers if isinstance(c.check, RunningCheck)]
    services = tuple(container.service for container in plan.containers)
    return Expected(plan.name, services, tuple(unasked), plan.router is not None)


def of_live(preview: str, live: Live) -> Expected:
    """The services that the engine has. Not their jobs, which have been done or have failed before."""
    services = [c.service for c in live.lasting if c.role == labels.ROLE_SERVICE]
    unasked = [name for name in services if live.container(name, labels.ROLE_PROBE) is None]
    return Expected(preview, tuple(services), tuple(unasked), len(services) < len(live.lasting))


def settle(client: docker.DockerClient, expected: Expected) -> PreviewStatus:
    """The status once nothing is young any more. Raises PreviewError when a service is not as it should be.

    Bounded by this machine's clock too: a remote engine's may differ.
    """
    end = time.monotonic() + SETTLED_AFTER
    while True:
        live = observe(client, expected.preview)
        bad = [*unhealthy(expected, live), *_crashing(expected, live)]
        if bad:
            raise PreviewError(report.unsettled(client, expected.preview, live, bad))
        wait = _youngest(expected, live)
        if wait <= 0 or time.monotonic() >= end:
            return preview_status(expected.preview, live)
        time.sleep(min(wait, _PAUSE))


def is_settled(expected: Expected, live: Live) -> bool:
    """Whether everything is as it should be, and has been for long enough."""
    bad = [*unhealthy(expected, live), *_crashing(expected, live)]
    return not bad and _youngest(expected, live) <= 0


def unhealthy(expected: Expected, live: Live) -> list[ServiceStatus]:
    """What is expected, the router among it, and is not as it should be."""
    found = [service_status(live, name) for name in expected.services]
    if expected.router:
        found.append(router_status(live))
    return [status for status in found if not status.healthy]


def _crashing(expected: Expected, live: Live) -> list[ServiceStatus]:
    """A service that crashes and is started again is running whenever one looks."""
    return [
        replace(
            service_status(live, c.service),
            state="restarting",
            reason=f"crashed and was restarted {c.restarts} times",
        )
        for c in _unasked(expected, live)
        if c.restarts > 0 and age_seconds(c.started_at) < SETTLED_AFTER
    ]


def _youngest(expected: Expected, live: Live) -> float:
    """Seconds until the youngest service without a check is old enough."""
    return max((SETTLED_AFTER - age_seconds(c.started_at) for c in _unasked(expected, live)), default=0.0)


def _unasked(expected: Expected, live: Live) -> list[LiveContainer]:
    """Containers of services that have no check but that they run."""
    found = (live.container(name) for name in expected.unasked)
    return [container for container in found if container is not None]
