"""A preview's services out of what a cluster has of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from galley_iac.cluster import labels
from galley_iac.cluster.live import Live, Pod, Run, Workload
from galley_iac.cluster.status import preview_status
from galley_iac.dashboard import states
from galley_iac.dashboard.live.crashes import End, is_named
from galley_iac.dashboard.live.place import About, Measured, Seen, link, restarted
from galley_iac.dashboard.model import Crash, Service, Usage
from galley_iac.dashboard.states import Tone
from galley_iac.engine.status import ServiceStatus
from galley_iac.timing import seconds

_OUT_OF_MEMORY = "OOMKilled"
_NONE = Pod("", "", "")


def seen(name: str, live: Live, about: About, measured: Measured) -> Seen:
    """All of it in the dashboard's words; routes are the cluster's own, so there is no router."""
    status = preview_status(name, live)
    return Seen(status, tuple(_service(live, about, measured, one) for one in status.services))


def _service(live: Live, about: About, measured: Measured, status: ServiceStatus) -> Service:
    workload = live.workload(status.service) or Workload("", status.service, "")
    pod = live.pod(status.service) or _NONE
    crash, after = about.crashes.get(status.service), about.stack.after.get(status.service, ())
    state, reason = restarted(status.state, status.reason, crash, pod.main.last_id, about.now)
    return Service(
        name=status.service,
        kind=status.kind,
        role=workload.role,
        state=state,
        reason=reason,
        exit_code=status.exit_code,
        restarts=pod.main.restarts,
        since=_since(pod),
        image=status.image,
        built_from=about.stack.built_from.get(status.image, ""),
        url=link(status.url),
        after=tuple(one for one in after if live.workload(one)),
        usage=_usage(measured, pod, workload),
        crash=crash,
        last_lines=_lines(measured, pod, crash) if states.tone(state) is Tone.BAD else (),
    )


def _lines(measured: Measured, pod: Pod, crash: Crash | None) -> tuple[str, ...]:
    """What the crash left, where it was this pod's last run."""
    if crash and crash.container == pod.main.last_id and crash.lines:
        return crash.lines
    return measured.lines(pod.name)


def _usage(measured: Measured, pod: Pod, workload: Workload) -> Usage | None:
    found = measured.usage.get(pod.name)
    return Usage(found.cpus, found.memory, workload.memory) if found else None


def _since(pod: Pod) -> float | None:
    """A running one since it was started, any other since it ended, or was made."""
    run = pod.main
    text = run.started_at if run.state == "running" else (run.ended_at or pod.created_at)
    return seconds(text) if text else None


def ends(name: str, live: Live) -> Iterator[End]:
    """The runs that ended by themselves with an exit code other than 0, as far as the cluster knows them."""
    kept = {one.service for one in live.workloads if one.role in (labels.ROLE_SERVICE, labels.ROLE_JOB)}
    for pod in live.pods:
        run = pod.main
        crashed = run.exit_code and run.last_id and run.ended_at and not pod.going
        if crashed and pod.service in kept and is_named(name, pod.service):
            yield End(
                name, pod.service, Crash(seconds(run.ended_at), run.exit_code or 0, _why(run), run.last_id)
            )


def _why(run: Run) -> str:
    starved = " (out of memory)" if run.ended == _OUT_OF_MEMORY else ""
    return f"exited with code {run.exit_code}{starved}"
