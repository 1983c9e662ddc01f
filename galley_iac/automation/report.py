"""A failed update in words: which service, why, its exit code, its last log lines, what waited for it, what
to do.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable

import docker

from galley_iac.automation.progress import Phase, Progress
from galley_iac.engine import labels
from galley_iac.engine.live import Live, LiveContainer, observe
from galley_iac.engine.status import PreviewStatus, ServiceStatus, service_status
from galley_iac.home import build_log
from galley_iac.plan.model import BuiltImage, Container, Plan

LOG_LINES = 15

_REMEDIES = (
    (
        r"pull access denied|manifest unknown|repository does not exist|not found: manifest",
        "check the image's name and tag, or `docker login` to its registry",
    ),
    (
        r"no such host|i/o timeout|connection refused|TLS handshake",
        "the registry cannot be reached: check the network, or the image's name",
    ),
    (
        r"executable file not found|no such file or directory",
        "the start command does not exist in the image: check `start`",
    ),
    (
        r"port is already allocated|address already in use",
        "another program took the port: run `galley up` again",
    ),
    (r"No space left|no space left", "the disk is full: `galley gc` removes images that no preview uses"),
    (
        r"Pool overlaps|could not find an available.*address pool",
        "no free subnet: remove previews, or set galley:subnetPool",
    ),
    (
        r"Cannot connect to the Docker daemon|connection reset by peer",
        "the Docker engine went away: `galley doctor`",
    ),
)


def failure(client: docker.DockerClient, plan: Plan, progress: Progress, said: str) -> str:
    """The report of an update that Pulumi ended with an error; ``said`` is what it said."""
    live = observe(client, plan.name)
    failed = [c for c in plan.containers if _has_failed(c, progress, live)]
    parts = [_service(client, container, live, said) for container in failed]
    if not parts:
        remedy = _remedy(said) or "run `galley up` again; `galley doctor` checks this machine"
        parts = [f"{clean(said)}\n    {remedy}"]
    waited = _waited(plan, {container.service for container in failed})
    return "\n".join([f"{plan.name} is not up.", *parts, *waited])


def unsettled(client: docker.DockerClient, plan: Plan, live: Live, status: PreviewStatus) -> str:
    """The report of an update that went through, but whose services did not stay up."""
    bad = [service for service in status.services if not service.healthy or _crashed(live, service.service)]
    parts = [_ended(client, live, service) for service in bad]
    return "\n".join([f"{plan.name} is up, but not all of it runs.", *parts])


def clean(said: str) -> str:
    """What the engine said, without the provider's repetitions and addresses of its own code."""
    lines = [
        re.sub(r"^sdk\.helper_schema: (.*): provider=\S+$", r"\1", line.strip()) for line in said.splitlines()
    ]
    lines = [re.sub(r"^(\d+ errors? occurred:|\* |error: )+", "", line).strip() for line in lines]
    lines = [re.sub(r"provider/\S+:\d+: |sdk-v2/\S+: |Error running .*?: ", "", line) for line in lines]
    return "\n".join(dict.fromkeys(line for line in lines if line and not line.startswith("update failed")))


def _has_failed(container: Container, progress: Progress, live: Live) -> bool:
    row = progress.rows[container.service]
    if row.phase is Phase.FAILED:
        return True
    if row.phase in (Phase.PENDING, Phase.UNCHANGED):
        return False
    status = service_status(live, container.service)
    return status.state not in ("missing", "waiting") and not status.healthy


def _service(client: docker.DockerClient, container: Container, live: Live, said: str) -> str:
    status = service_status(live, container.service)
    if status.state == "missing" or (
        isinstance(container.image, BuiltImage) and "build" in said.lower() and status.healthy
    ):
        return _not_started(container, said)
    return _ended(client, live, status)


def _not_started(container: Container, said: str) -> str:
    """The image could not be had: the build's own output, or the registry's answer."""
    image = container.image
    if isinstance(image, BuiltImage):
        head = (
            f"{container.service}: its image could not be built (context {image.context}, {image.dockerfile})"
        )
        return "\n".join(
            [head, *_indented(_build_output(image)), f"    mend the build; all of it: {build_log(image.tag)}"]
        )
    reason = clean(said)
    remedy = _remedy(said) or "check the service's image and start command"
    return "\n".join(
        [
            f"{container.service}: could not be started (image {image.reference})",
            *_indented(reason.splitlines()),
            f"    {remedy}",
        ]
    )


def _ended(client: docker.DockerClient, live: Live, status: ServiceStatus) -> str:
    container = live.container(status.service)
    probe = live.container(status.service, labels.ROLE_PROBE)
    lines = [f"{status.service}: {_reason(client, live, status, probe)}"]
    if container:
        lines += _indented(tail(client, container))
    lines.append(f"    {_advice(status, container)}")
    return "\n".join(lines)


def _reason(
    client: docker.DockerClient, live: Live, status: ServiceStatus, probe: LiveContainer | None
) -> str:
    if _crashed(live, status.service) and status.healthy:
        container = live.container(status.service)
        return f"crashes after its start (restarted {container.restarts if container else 0} times)"
    if status.state == "failed" and probe and probe.exit_code == 1:
        return "not ready: " + " ".join(tail(client, probe, 1))
    return status.reason or status.state


def _advice(status: ServiceStatus, container: LiveContainer | None) -> str:
    found = _remedy(container.error) if container and container.error else ""
    if found:
        return found
    if container and container.role == labels.ROLE_JOB:
        return "mend the job; the next `galley up` runs it again"
    return f"mend it and run `galley up` again; all of its log: `galley logs {status.service}`"


def _crashed(live: Live, service: str) -> bool:
    container = live.container(service)
    return container is not None and container.restarts > 0


def tail(client: docker.DockerClient, container: LiveContainer, lines: int = LOG_LINES) -> list[str]:
    """A container's last log lines; empty when its log cannot be read."""
    with contextlib.suppress(docker.errors.APIError):
        output: bytes = client.api.logs(container.id, tail=lines)
        return output.decode("utf-8", "replace").rstrip().splitlines()
    return []


def _build_output(image: BuiltImage) -> list[str]:
    try:
        text = build_log(image.tag).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.splitlines() if line.strip()][-LOG_LINES:]


def _waited(plan: Plan, failed: set[str]) -> Iterable[str]:
    """Who was held back, through any number of steps."""
    held: dict[str, str] = {}
    for container in plan.containers:
        cause = next((name for name in container.depends_on if name in failed or name in held), None)
        if cause and container.service not in failed:
            held[container.service] = cause
    return [f"{service}: waited for {cause}" for service, cause in held.items()]


def _remedy(text: str) -> str:
    return next((remedy for pattern, remedy in _REMEDIES if re.search(pattern, text)), "")


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    | {line}" for line in lines]


__all__ = ["LOG_LINES", "clean", "failure", "tail", "unsettled"]
