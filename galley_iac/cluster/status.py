"""What a preview's objects on a cluster amount to, in the words of :mod:`galley_iac.engine.status`. Pure."""

from __future__ import annotations

import re

from galley_iac.cluster import labels
from galley_iac.cluster.live import Event, Live, Pod, Run, Workload
from galley_iac.engine.status import HEALTHY, OOM_REMEDY, PreviewStatus, ServiceStatus
from galley_iac.plan.cluster import PROBER, Target
from galley_iac.timing import age_seconds

_NO_START = (
    *("ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull"),
    *("CreateContainerConfigError", "CreateContainerError", "RunContainerError"),
)
"""Why a container waits that will not start by itself."""

_FIRST_PULL = "ErrImagePull"
"""The node tries again by itself, and then calls it ImagePullBackOff."""

_LOOP = "CrashLoopBackOff"
_OUT_OF_MEMORY = "OOMKilled"
_RUNTIME = "unable to start container process: "
_REFUSED = "FailedCreate"
_UNANSWERED = "Unhealthy"


def preview_status(preview: str, live: Live) -> PreviewStatus:
    """The status of one preview, its services by name."""
    number = live.about.get(labels.PULL_REQUEST, "")
    return PreviewStatus(
        preview,
        live.about.get(labels.PROJECT, ""),
        live.about.get(labels.BRANCH, ""),
        int(number) if number else None,
        tuple(service_status(live, name) for name in sorted({one.service for one in live.workloads})),
        target=Target.KUBERNETES.value,
    )


def service_status(live: Live, service: str) -> ServiceStatus:
    """One service: its workload and its newest pod."""
    workload = live.workload(service)
    if workload is None:
        return ServiceStatus(service, "", "missing", reason="it is not on the cluster")
    pod = live.pod(service)
    state, reason = _judge(live, workload, pod)
    code = pod.main.exit_code if pod and pod.main.state != "running" else None
    return ServiceStatus(service, workload.kind, state, workload.image, workload.url, code, reason)


def _judge(live: Live, workload: Workload, pod: Pod | None) -> tuple[str, str]:
    if workload.role == labels.ROLE_JOB:
        return _judge_job(live, workload, pod)
    if workload.replicas == 0:
        return "asleep", ""
    return _judge_pod(live, workload, pod)


def _judge_job(live: Live, workload: Workload, pod: Pod | None) -> tuple[str, str]:
    if workload.succeeded:
        return "done", ""
    if workload.failed:
        return "failed", _ended(pod.main) if pod else "its pod is gone"
    state, reason = _judge_pod(live, workload, pod)
    return ("running" if state == "crashed" else state), reason


def _judge_pod(live: Live, workload: Workload, pod: Pod | None) -> tuple[str, str]:
    if pod is None:
        return _judge_absent(live, workload)
    if pod.unplaced:
        return "failed", f"Unschedulable: {pod.unplaced}"
    main = pod.main
    if main.state == "waiting":
        if main.reason == _LOOP:
            return "restarting", f"{_LOOP}: it {_ended(main)}, and again after each restart"
        hopeless = main.reason in _NO_START
        return (
            ("failed", f"{main.reason}: {short(main.message)}".rstrip(": "))
            if hopeless
            else ("waiting", "it starts")
        )
    if main.state == "terminated":
        return "crashed", _ended(main)
    state, reason = _judge_running(live, pod)
    if state in HEALTHY and not workload.rolled:
        return "waiting", "its update is under way"
    return state, reason


def _judge_absent(live: Live, workload: Workload) -> tuple[str, str]:
    """Quota and Pod Security refuse a pod, not its Deployment."""
    name = re.escape(workload.name)
    made = name if workload.role == labels.ROLE_JOB else rf"{name}-[0-9a-z]{{5,10}}"
    refused = [one for one in live.warnings(made) if one.reason == _REFUSED]
    return ("failed", _words(refused[-1])) if refused else ("waiting", "it has no pod yet")


def _judge_running(live: Live, pod: Pod) -> tuple[str, str]:
    prober = pod.runs.get(PROBER)
    if prober is None:
        return "running", ""
    if pod.ready:
        return "ready", ""
    said = [one for one in live.warnings(re.escape(pod.name)) if one.reason == _UNANSWERED]
    if said and prober.restarts:
        return "failed", f"not ready: {_last_word(said[-1])}"
    return "waiting", "it has not answered its readiness check yet"


def _last_word(event: Event) -> str:
    """``Startup probe failed: http on port 8000: ...`` without what the kubelet puts before it."""
    return event.message.partition("probe failed:")[2].strip() or event.message.strip()


def _ended(run: Run) -> str:
    text = "has not run" if run.exit_code is None else f"exited with code {run.exit_code}"
    if run.ended == _OUT_OF_MEMORY:
        return f"{text} ({_OUT_OF_MEMORY}, out of memory: {OOM_REMEDY})"
    return f"{text} ({short(run.message)})" if run.ended == "StartError" and run.message else text


def short(message: str) -> str:
    """In one line, without the layers through which a runtime's message has come."""
    return " ".join(message.split()).rpartition(_RUNTIME)[2].removesuffix(": unknown")


def _words(event: Event) -> str:
    return f"{event.reason}: {short(event.message)}"


_ENOUGH_RESTARTS = 2
_PLACED_WITHIN = 60.0
"""Seconds in which a node may turn up, or a volume be made, for a pod that no node takes."""


def hopeless(live: Live, service: str) -> bool:
    """Whether nothing but another update can help a service that has not come up. Of a job that has ended,
    Pulumi itself says so.
    """
    status, workload, pod = service_status(live, service), live.workload(service), live.pod(service)
    if workload is None:
        return False
    if status.state == "restarting":
        return bool(pod and pod.main.restarts >= _ENOUGH_RESTARTS)
    if status.state != "failed" or workload.failed:
        return False
    if pod and pod.unplaced:
        return age_seconds(pod.created_at) > _PLACED_WITHIN
    return not (pod and pod.main.reason == _FIRST_PULL)
