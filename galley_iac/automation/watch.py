"""Watches the engine while Pulumi works: a build's last line, and a service that has died while its check
still waits.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import docker

from galley_iac.automation.periodic import Periodic
from galley_iac.automation.progress import Phase, Progress
from galley_iac.engine import labels
from galley_iac.engine.live import Live, observe
from galley_iac.home import build_log
from galley_iac.plan.model import BuiltImage, Plan

_RESTARTS_ARE_ENOUGH = 3
_TAIL = 4096


class Watch(Periodic):
    """A thread for the time of one update; ``notify`` is told which rows changed."""

    period = 0.5

    def __init__(
        self,
        client: docker.DockerClient,
        plan: Plan,
        progress: Progress,
        notify: Callable[[Progress, set[str]], None],
    ) -> None:
        super().__init__()
        self._client, self._plan, self._progress, self._notify = client, plan, progress, notify

    def tick(self) -> None:
        """The builds' last lines, and the checks that need not wait any longer."""
        self._report_builds()
        if any(row.phase is Phase.CHECKING for row in self._progress.rows.values()):
            with contextlib.suppress(docker.errors.DockerException, OSError):
                end_hopeless_checks(self._client, observe(self._client, self._plan.name))

    def _report_builds(self) -> None:
        moved = set()
        for container in self._plan.containers:
            row = self._progress.rows[container.service]
            if row.phase is Phase.BUILDING and isinstance(container.image, BuiltImage):
                line = last_line(build_log(container.image.tag))
                if line and line != row.why:
                    row.why = line
                    moved.add(container.service)
        if moved:
            self._notify(self._progress, moved)


def end_hopeless_checks(client: docker.DockerClient, live: Live) -> None:
    """A crashed service will not answer: its check need not wait for the whole timeout."""
    for probe in live.containers:
        if probe.role != labels.ROLE_PROBE or probe.state != "running":
            continue
        container = live.container(probe.service)
        if container and (container.state == "exited" or container.restarts >= _RESTARTS_ARE_ENOUGH):
            with contextlib.suppress(docker.errors.APIError):
                client.api.kill(probe.id)


def last_line(path: Path) -> str:
    """The last line with something in it; empty when the file is not there yet."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _TAIL))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
