"""The end of an update: are they still running, a moment after they were started?"""

from __future__ import annotations

import time

import docker

from galley_iac.automation import report
from galley_iac.engine.live import Live, observe
from galley_iac.engine.status import PreviewStatus, preview_status
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
        status = preview_status(plan.name, live)
        if any(not service.healthy for service in status.services) or _restarted(plan, live):
            raise PreviewError(report.unsettled(client, plan, live, status))
        wait = _youngest(plan, live)
        if wait <= 0 or time.monotonic() >= end:
            return status
        time.sleep(min(wait, _PAUSE))


def _unasked(plan: Plan) -> list[str]:
    return [c.service for c in plan.containers if isinstance(c.check, RunningCheck)]


def _restarted(plan: Plan, live: Live) -> bool:
    """A service that crashes and is started again is running whenever one looks."""
    found = [live.container(service) for service in _unasked(plan)]
    return any(c is not None and c.restarts > 0 and age_seconds(c.started_at) < SETTLED_AFTER for c in found)


def _youngest(plan: Plan, live: Live) -> float:
    """Seconds until the youngest service without a check is old enough."""
    found = [live.container(service) for service in _unasked(plan)]
    return max((SETTLED_AFTER - age_seconds(c.started_at) for c in found if c is not None), default=0.0)
