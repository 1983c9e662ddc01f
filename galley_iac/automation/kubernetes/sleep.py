"""Sleep and waking on a cluster: Deployments without pods, and with them again, in their order."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from galley_iac import timing
from galley_iac.automation import tags
from galley_iac.automation.kubernetes import report
from galley_iac.automation.outcome import Slept
from galley_iac.automation.progress import Phase
from galley_iac.automation.state import Declared, State
from galley_iac.automation.workspace import Workspace
from galley_iac.cluster import labels
from galley_iac.cluster.client import Api
from galley_iac.cluster.live import Live, observe
from galley_iac.cluster.status import hopeless, preview_status, service_status
from galley_iac.engine.status import PreviewStatus
from galley_iac.errors import PreviewError, UsageError
from galley_iac.life.order import generations
from galley_iac.life.room import Size
from galley_iac.masking import Masker

_PAUSE = 0.5
_GONE_WITHIN, _UP_WITHIN = 60.0, 600.0

Notify = Callable[[str, Phase], None]


def sleep(workspace: Workspace, api: Api, preview: str, why: str) -> Slept:
    """Ends all pods, those first that others do not need; all else is kept. For a caller that holds it."""
    state, live = workspace.state(preview), observe(api, preview)
    _refuse_absent(preview, state, live)
    awake = [one for one in live.workloads if one.service in _deployments(live) and one.replicas]
    tags.write(preview, {tags.ASLEEP: f"{timing.stamp(time.time())} {why}".rstrip()}, workspace)
    for group in reversed(_groups(state.containers)):
        _scale(api, preview, live, group, 0)
        _await_gone(api, preview, group)
    memory = sum(one.memory for one in awake)
    return Slept(preview, tuple(one.service for one in awake), Size(memory=memory))


def wake(workspace: Workspace, api: Api, preview: str, notify: Notify) -> PreviewStatus:
    """Brings all pods back, each after what it depends on. For a caller that holds it.

    Raises PreviewError with what did not come up.
    """
    state, live = workspace.state(preview), observe(api, preview)
    _refuse_absent(preview, state, live)
    tags.write(preview, {tags.ASLEEP: None, tags.ACTIVITY: timing.stamp(time.time())}, workspace)
    try:
        for group in _groups(state.containers):
            names = [name for name in group if name in _deployments(live)]
            _scale(api, preview, live, names, 1)
            _await_ready(api, preview, names, notify)
    except PreviewError as error:
        raise PreviewError(Masker(workspace.secrets(preview).values())(str(error))) from None
    return preview_status(preview, observe(api, preview))


def restart(api: Api, preview: str, service: str) -> None:
    """Ends a service's pods, then starts others: never two at once, since it may keep data.

    Raises PreviewError where it is not on the cluster, or is none that stays.
    """
    live = observe(api, preview)
    if service not in _deployments(live):
        raise PreviewError(f"{service} is not on the cluster", "redeploy the preview")
    _scale(api, preview, live, [service], 0)
    try:
        _await_gone(api, preview, [service])
    finally:
        _scale(api, preview, live, [service], 1)


def _refuse_absent(preview: str, state: State, live: Live) -> None:
    if not _deployments(live):
        raise UsageError(f"there is nothing of {preview} on its cluster", "`galley ls` shows what there is")
    if state.cluster is None:
        raise UsageError(
            f"the stack of {preview} is not in this backend",
            "use the GALLEY_HOME that it was brought up from",
        )


def _deployments(live: Live) -> list[str]:
    return [one.service for one in live.workloads if one.role == labels.ROLE_SERVICE]


def _groups(declared: Mapping[str, Declared]) -> list[tuple[str, ...]]:
    """What can start together, in order; jobs keep their place, though they are not run again."""
    return [tuple(group) for group in generations({name: one.after for name, one in declared.items()})]


def _scale(api: Api, preview: str, live: Live, services: Sequence[str], replicas: int) -> None:
    for name in services:
        if name in _deployments(live):
            path = f"/apis/apps/v1/namespaces/{preview}/deployments/{name}/scale"
            api.change(path, {"spec": {"replicas": replicas}})


def _await_gone(api: Api, preview: str, services: Sequence[str]) -> None:
    end = time.monotonic() + _GONE_WITHIN
    while time.monotonic() < end:
        live = observe(api, preview)
        lasting = set(_deployments(live)) & set(services)
        if not any(pod.service in lasting for pod in live.pods):
            return
        time.sleep(_PAUSE)


def _await_ready(api: Api, preview: str, services: Sequence[str], notify: Notify) -> None:
    waiting, end = set(services), time.monotonic() + _UP_WITHIN
    for name in services:
        notify(name, Phase.STARTING)
    while waiting:
        live = observe(api, preview)
        for name in sorted(waiting):
            if service_status(live, name).healthy:
                waiting.remove(name)
                notify(name, Phase.READY)
        past = [name for name in waiting if hopeless(live, name) or time.monotonic() > end]
        if past:
            statuses = [service_status(live, name) for name in sorted(past)]
            raise PreviewError(report.unsettled(api, preview, live, statuses))
        time.sleep(_PAUSE if waiting else 0)
