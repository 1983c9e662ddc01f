"""Watches the cluster while Pulumi waits: what cannot come up ends the update at once, not at a timeout."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace

from galley_iac.automation.periodic import Periodic
from galley_iac.automation.progress import Phase, Progress
from galley_iac.cluster.client import Api
from galley_iac.cluster.live import Live, observe
from galley_iac.cluster.status import hopeless, service_status
from galley_iac.engine.status import ServiceStatus
from galley_iac.errors import GalleyError

_STALE_FOR = 15.0
"""Seconds in which what was there before the service's update began says nothing of the update."""

_WAITING = (Phase.STARTING, Phase.CHECKING, Phase.RUNNING_JOB)


class Watch(Periodic):
    """A thread for the time of one update; ``cancel`` is called once, when a service is past help."""

    period = 1.0

    def __init__(
        self, api: Api, preview: str, progress: Progress, before: Live, cancel: Callable[[], None]
    ) -> None:
        super().__init__()
        self._api, self._preview, self._progress = api, preview, progress
        self._before, self._cancel = before, cancel
        self._since: dict[str, float] = {}
        self.ended: dict[str, ServiceStatus] = {}
        """The services because of which the update was ended, as they were then."""

    def tick(self) -> None:
        """Looks where Pulumi waits for anything."""
        waiting = [name for name, row in self._progress.rows.items() if row.phase in _WAITING]
        if waiting:
            with contextlib.suppress(GalleyError):
                self.look(waiting)

    def look(self, waiting: list[str]) -> None:
        """Looks once at the services that Pulumi waits for."""
        live = observe(self._api, self._preview)
        found = {name: self._of_now(live, name) for name in waiting}
        self.ended |= {name: service_status(of, name) for name, of in found.items() if hopeless(of, name)}
        if self.ended:
            self._cancel()

    def _of_now(self, live: Live, service: str) -> Live:
        """Without what an earlier update has left. It may also be what this one is about, and stay."""
        now = time.monotonic()
        if now - self._since.setdefault(service, now) > _STALE_FOR:
            return live
        old = {pod.name for pod in self._before.pods}
        return replace(
            live,
            pods=tuple(pod for pod in live.pods if pod.name not in old),
            events=tuple(event for event in live.events if event not in self._before.events),
        )
