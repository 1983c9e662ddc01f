"""A failed update on a cluster in words: which service, why, its last log lines, what was noted of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from galley_iac.automation.progress import Phase, Progress, resource_name
from galley_iac.automation.report import LOG_LINES, clean, held_back, indented, no_image, remedy_for
from galley_iac.cluster import labels
from galley_iac.cluster.client import Api
from galley_iac.cluster.live import Live, Pod, observe
from galley_iac.cluster.logs import tail
from galley_iac.cluster.status import service_status, short
from galley_iac.engine.status import ServiceStatus
from galley_iac.plan.model import Container, Image, Plan

_EVENTS = 3
_REACHED = (Phase.STARTING, Phase.CHECKING, Phase.RUNNING_JOB, Phase.FAILED)
_BAD = ("failed", "restarting", "crashed")
_ROUTINE = ("BackOff", "Unhealthy")
"""Events that say again what the reason has said."""

_UNPUSHED = re.compile(r"[Ee]rror pushing")
"""How the provider begins what it says of a push."""

_REMEDIES = (
    (
        r"ImagePull|ErrImage|InvalidImage",
        "the cluster cannot pull it: check the setting `registry`, and `galley registry login`",
    ),
    (
        r"Unschedulable",
        "no node has room or a volume for it: lower `resources`, or ask who runs the cluster",
    ),
    (r"exceeded quota", "it asks for more than its namespace may use: check who else put pods there"),
    (r"violates PodSecurity", "the cluster's rules forbid it: ask who runs the cluster"),
    (r"StartError|executable file not found", "the start command does not exist in the image: check `start`"),
)


def failure(api: Api, plan: Plan, progress: Progress, said: str, ended: Mapping[str, ServiceStatus]) -> str:
    """The report of an update that ended with an error; ``ended`` are those because of which it was ended."""
    live = observe(api, plan.name)
    failed = [c for c in plan.containers if c.service in ended or _has_failed(c, progress, live)]
    parts = [_no_image(image, progress, said) for image in dict.fromkeys(c.image for c in failed)]
    parts += [
        _ended(api, plan.name, live, ended.get(c.service) or service_status(live, c.service))
        for c in failed
        if resource_name(c.image) not in progress.failed_images
    ]
    parts = [part for part in parts if part]
    if not parts:
        remedy = remedy_for(said) or "run `galley up` again; `galley doctor` checks this machine"
        parts = [f"{clean(said)}\n    {remedy}"]
    waited = held_back(plan, {container.service for container in failed})
    return "\n".join([f"{plan.name} is not up.", *parts, *waited])


def _no_image(image: Image, progress: Progress, said: str) -> str:
    """An image that is not in the registry: it could not be had, or not be pushed."""
    if resource_name(image) not in progress.failed_images or not _UNPUSHED.search(said):
        return no_image(image, progress, said)
    users = ", ".join(c.service for c in progress.plan.containers if c.image == image)
    head = f"{users}: the image {resource_name(image)} could not be pushed to the cluster's registry"
    remedy = remedy_for(said) or "check the setting `registry`; `galley doctor` asks whether it answers"
    return "\n".join([head, *indented(clean(said).splitlines()), f"    {remedy}"])


def unsettled(api: Api, preview: str, live: Live, bad: Iterable[ServiceStatus]) -> str:
    """The report of an update, or of waking, that went through, but whose services did not stay up."""
    parts = [_ended(api, preview, live, status) for status in bad]
    return "\n".join([f"{preview} is up, but not all of it runs.", *parts])


def _has_failed(container: Container, progress: Progress, live: Live) -> bool:
    """Of what the update has reached. What it gave up because of another has only not come up yet."""
    phase = progress.rows[container.service].phase
    if phase not in _REACHED:
        return False
    state = service_status(live, container.service).state
    return state in _BAD or (phase is Phase.FAILED and state != "waiting")


def _ended(api: Api, preview: str, live: Live, status: ServiceStatus) -> str:
    pod = live.pod(status.service)
    lines = [f"{status.service}: {status.reason or status.state}"]
    if pod:
        lines += indented(tail(api, preview, pod, LOG_LINES))
        lines += indented(_noted(live, pod, status.reason))
    lines.append(f"    {_advice(live, status)}")
    return "\n".join(lines)


def _noted(live: Live, pod: Pod, reason: str) -> list[str]:
    """What the cluster noted of the pod, without what the reason says already."""
    found = [one for one in live.warnings(re.escape(pod.name)) if one.reason not in _ROUTINE]
    said = {short(one.message).removeprefix("Error: "): one.reason for one in found}
    return [f"{name}: {message}" for message, name in said.items() if message not in reason][-_EVENTS:]


def _advice(live: Live, status: ServiceStatus) -> str:
    found = next((remedy for pattern, remedy in _REMEDIES if re.search(pattern, status.reason)), "")
    if found:
        return found
    workload = live.workload(status.service)
    if workload and workload.role == labels.ROLE_JOB:
        return "mend the job; the next `galley up` runs it again"
    return f"mend it and run `galley up` again; all of its log: `galley logs {status.service}`"
