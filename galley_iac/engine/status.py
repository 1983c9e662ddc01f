"""What a preview's objects on the engine amount to, in words. Pure: judges what :mod:`live` has read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from galley_iac.engine import labels
from galley_iac.engine.live import Live, LiveContainer
from galley_iac.plan.model import ROUTER

_ENDS_BY_ITSELF = ("no", "on-failure")
"""Restart policies under which an exit with 0 is an end, not a crash."""

HEALTHY = frozenset({"ready", "running", "done"})
OOM_REMEDY = "it needs more memory than resources.memory allows"


@dataclass(frozen=True)
class ServiceStatus:
    """One service: ``state`` is ready, running, done (a job), waiting, failed, crashed, restarting, paused,
    asleep or missing.
    """

    service: str
    kind: str
    state: str
    image: str = ""
    url: str = ""
    exit_code: int | None = None
    reason: str = ""

    @property
    def healthy(self) -> bool:
        """Whether it is as it should be."""
        return self.state in HEALTHY

    def as_data(self) -> dict[str, object]:
        """For ``--json``; ``url`` only where there is a route."""
        data: dict[str, object] = {"kind": self.kind, "state": self.state, "image": self.image}
        if self.url:
            data["url"] = self.url
        if self.exit_code is not None:
            data["exit_code"] = self.exit_code
        if self.reason:
            data["reason"] = self.reason
        return data


@dataclass(frozen=True)
class PreviewStatus:
    """One preview as the engine has it. ``state`` is running, degraded, asleep or absent."""

    preview: str
    project: str
    branch: str
    pull_request: int | None
    services: tuple[ServiceStatus, ...] = ()
    target: str = "docker"

    @property
    def state(self) -> str:
        """All services together."""
        if not self.services:
            return "absent"
        states = {service.state for service in self.services} - {"done"}
        if states == {"asleep"}:
            return "asleep"
        return "running" if states <= HEALTHY else "degraded"

    def as_data(self, *, details: bool = True) -> dict[str, object]:
        """The fixed form of ``galley status --json`` and, without the services, of ``galley ls --json``."""
        data: dict[str, object] = {
            "preview": self.preview,
            "project": self.project,
            "branch": self.branch,
            "target": self.target,
            "state": self.state,
        }
        if self.pull_request is not None:
            data["pr"] = self.pull_request
        if details:
            data["services"] = {service.service: service.as_data() for service in self.services}
        return data


def preview_status(preview: str, live: Live, *, asleep: bool = False) -> PreviewStatus:
    """The status of one preview, its services by name. ``asleep``: it was put to sleep, and what does not run
    is stopped on purpose; the engine alone cannot tell that from a crash.
    """
    about: Mapping[str, str] = live.networks[0].labels if live.networks else {}
    number = about.get(labels.PULL_REQUEST, "")
    names = sorted({c.service for c in live.containers if c.role in (labels.ROLE_SERVICE, labels.ROLE_JOB)})
    return PreviewStatus(
        preview,
        about.get(labels.PROJECT, ""),
        about.get(labels.BRANCH, ""),
        int(number) if number else None,
        tuple(service_status(live, name, asleep=asleep) for name in names),
    )


def service_status(live: Live, service: str, *, asleep: bool = False) -> ServiceStatus:
    """One service: its container, and what its readiness check said last."""
    container = live.container(service)
    if container is None:
        return ServiceStatus(service, "", "missing", reason="its container does not exist")
    if asleep and container.role == labels.ROLE_SERVICE and container.state == "exited":
        url = live.urls.get(service, "")
        return ServiceStatus(service, container.kind, "asleep", container.image_name, url)
    state, reason = _judge(container, live.container(service, labels.ROLE_PROBE))
    return ServiceStatus(
        service,
        container.kind,
        state,
        container.image_name,
        live.urls.get(service, ""),
        container.exit_code if container.state in ("exited", "restarting", "dead") else None,
        reason,
    )


def router_status(live: Live) -> ServiceStatus:
    """The preview's router, which is no service of the manifest."""
    router = live.container(ROUTER, labels.ROLE_ROUTER)
    if router is None:
        return ServiceStatus(ROUTER, "", "missing", reason="its container does not exist")
    state, reason = _judge(router, None)
    return ServiceStatus(ROUTER, "", state, router.image_name, exit_code=router.exit_code, reason=reason)


def _judge(container: LiveContainer, probe: LiveContainer | None) -> tuple[str, str]:
    if container.role == labels.ROLE_JOB:
        return _judge_job(container)
    if container.state == "running":
        return _judge_running(probe)
    if container.state == "restarting":
        return "restarting", _ended(container) + ", and again after each restart"
    if container.state == "created":
        return "failed", container.error or "it was never started"
    if container.state == "paused":
        return "paused", "`docker unpause` lets it go on"
    if container.exit_code == 0 and container.restart in _ENDS_BY_ITSELF:
        return "done", ""
    return "crashed", _ended(container)


def _judge_job(container: LiveContainer) -> tuple[str, str]:
    if container.state == "running":
        return "running", ""
    if container.state == "created":
        return "failed", container.error or "it was never started"
    return ("done", "") if container.exit_code == 0 else ("failed", _ended(container))


def _judge_running(probe: LiveContainer | None) -> tuple[str, str]:
    if probe is None:
        return "running", ""
    if probe.state in ("running", "created"):
        return "waiting", "it has not answered its readiness check yet"
    return ("ready", "") if probe.exit_code == 0 else ("failed", "it did not answer its readiness check")


def _ended(container: LiveContainer) -> str:
    text = f"exited with code {container.exit_code}"
    if container.oom_killed:
        text += f" (out of memory: {OOM_REMEDY})"
    elif container.error:
        text += f" ({container.error})"
    return text
