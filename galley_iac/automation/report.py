"""A failed update in words: which service, why, its exit code, its last log lines, what waited for it, what
to do.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable

import docker

from galley_iac.automation.progress import Phase, Progress, resource_name
from galley_iac.engine import labels
from galley_iac.engine.deaths import last_death
from galley_iac.engine.live import Live, LiveContainer, observe
from galley_iac.engine.logs import entries
from galley_iac.engine.status import OOM_REMEDY, ServiceStatus, service_status
from galley_iac.home import build_log
from galley_iac.plan.model import BuiltImage, Container, Image, Plan

LOG_LINES = 15

_REMEDIES = (
    (
        r"no basic auth credentials|authentication required|unauthorized|denied: requested access",
        "the registry wants a login: `docker login HOST`, or `galley registry login HOST -u USER`; "
        "an outsider's preview gets neither (docs/secrets.md)",
    ),
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
    parts = [no_image(image, progress, said) for image in dict.fromkeys(c.image for c in failed)]
    parts += [
        _ended(client, live, service_status(live, c.service)) for c in failed if _has_image(c, progress)
    ]
    parts = [part for part in parts if part]
    if not parts:
        remedy = remedy_for(said) or "run `galley up` again; `galley doctor` checks this machine"
        parts = [f"{clean(said)}\n    {remedy}"]
    waited = held_back(plan, {container.service for container in failed})
    return "\n".join([f"{plan.name} is not up.", *parts, *waited])


def unsettled(client: docker.DockerClient, preview: str, live: Live, bad: Iterable[ServiceStatus]) -> str:
    """The report of an update, or of waking, that went through, but whose services did not stay up."""
    parts = [_ended(client, live, service) for service in bad]
    return "\n".join([f"{preview} is up, but not all of it runs.", *parts])


_NOISE = (
    re.compile(r"^(\S+\.go:\d+: )?sdk\.helper_schema: (?P<rest>.*): provider=\S+$"),
    re.compile(r"^(\d+ errors? occurred:|\* |error: |update failed)(?P<rest>.*)$"),
    re.compile(r"^(\S+\.go:\d+: |deleting urn:\S+: )(?P<rest>.*)$"),
)
"""What the provider and its bridge put around a message: every line comes twice, once with addresses."""


def clean(said: str) -> str:
    """What the engine said, each line once, without the provider's wrapping."""
    lines = (_unwrapped(line.strip()) for line in said.splitlines())
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _unwrapped(line: str) -> str:
    """Wrapping may be around wrapping: ``error: 1 error occurred:``."""
    match = next(filter(None, (pattern.match(line) for pattern in _NOISE)), None)
    return _unwrapped(match["rest"].strip()) if match else line


def _has_failed(container: Container, progress: Progress, live: Live) -> bool:
    row = progress.rows[container.service]
    if row.phase is Phase.FAILED:
        return True
    if row.phase in (Phase.PENDING, Phase.UNCHANGED):
        return False
    status = service_status(live, container.service)
    return status.state not in ("missing", "waiting") and not status.healthy


def _has_image(container: Container, progress: Progress) -> bool:
    return resource_name(container.image) not in progress.failed_images


def no_image(image: Image, progress: Progress, said: str) -> str:
    """An image that could not be had, once for all its services: the build's output, or the answer."""
    if resource_name(image) not in progress.failed_images:
        return ""
    users = ", ".join(c.service for c in progress.plan.containers if c.image == image)
    if isinstance(image, BuiltImage):
        head = f"{users}: the image could not be built (context {image.context}, {image.dockerfile})"
        remedy = f"mend the build; all of its output: {build_log(image.tag)}"
        return "\n".join([head, *indented(_build_output(image)), f"    {remedy}"])
    head = f"{users}: the image {image.reference} could not be had"
    remedy = remedy_for(said) or "check the image's name and tag"
    return "\n".join([head, *indented(clean(said).splitlines()), f"    {remedy}"])


def _ended(client: docker.DockerClient, live: Live, status: ServiceStatus) -> str:
    container = live.container(status.service)
    probe = live.container(status.service, labels.ROLE_PROBE)
    lines = [f"{status.service}: {_reason(client, status, container, probe)}"]
    if container:
        lines += indented(tail(client, container))
    lines.append(f"    {_advice(status, container)}")
    return "\n".join(lines)


def _reason(
    client: docker.DockerClient,
    status: ServiceStatus,
    container: LiveContainer | None,
    probe: LiveContainer | None,
) -> str:
    crash = _crash(client, container) if container and container.restarts else ""
    if status.state == "failed" and probe and probe.exit_code == 1:
        said = " ".join(tail(client, probe, 1))
        return f"not ready: {said}" + (f"; it {crash}" if crash else "")
    return crash or status.reason or status.state


def _crash(client: docker.DockerClient, container: LiveContainer) -> str:
    death = last_death(client, container)
    code = "ended" if death.exit_code is None else f"exited with code {death.exit_code}"
    oom = f" (out of memory: {OOM_REMEDY})" if death.oom_killed else ""
    return f"{code}{oom} and was restarted {container.restarts} times"


def _advice(status: ServiceStatus, container: LiveContainer | None) -> str:
    found = remedy_for(container.error) if container and container.error else ""
    if found:
        return found
    if container and container.role == labels.ROLE_JOB:
        return "mend the job; the next `galley up` runs it again"
    return f"mend it and run `galley up` again; all of its log: `galley logs {status.service}`"


def tail(client: docker.DockerClient, container: LiveContainer, lines: int = LOG_LINES) -> list[str]:
    """A container's last log lines; empty when its log cannot be read."""
    with contextlib.suppress(docker.errors.APIError):
        output: bytes = client.api.logs(container.id, tail=entries(lines))
        return output.decode("utf-8", "replace").rstrip().splitlines()[-lines:]
    return []


_STEP_RULE = "------\n"
"""BuildKit repeats the output of the step that failed between two such lines."""

_STEP_ERROR = re.compile(r"^#\d+ ERROR: (.*)$", re.MULTILINE)
"""Where it says why: the exit code of a command, or what is wrong with the Dockerfile."""


def _build_output(image: BuiltImage) -> list[str]:
    try:
        text = build_log(image.tag).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    failed_step = text.split(_STEP_RULE)[1] if text.count(_STEP_RULE) > 1 else text
    said = [line for line in failed_step.splitlines() if line.strip()][-LOG_LINES:]
    return said + [error for error in _STEP_ERROR.findall(text)[-1:] if error not in "".join(said)]


def held_back(plan: Plan, failed: set[str]) -> Iterable[str]:
    """Who was held back, through any number of steps."""
    held: dict[str, str] = {}
    for container in plan.containers:
        cause = next((name for name in container.depends_on if name in failed or name in held), None)
        if cause and container.service not in failed:
            held[container.service] = cause
    return [f"{service}: waited for {cause}" for service, cause in held.items()]


def remedy_for(text: str) -> str:
    return next((remedy for pattern, remedy in _REMEDIES if re.search(pattern, text)), "")


def indented(lines: Iterable[str]) -> list[str]:
    return [f"    | {line}" for line in lines]


__all__ = [
    *("LOG_LINES", "clean", "failure", "held_back", "indented", "no_image", "remedy_for", "tail"),
    "unsettled",
]
