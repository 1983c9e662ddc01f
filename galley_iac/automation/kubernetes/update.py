"""One preview's ``up`` on a cluster: update, watch, and prove that all of it runs."""

from __future__ import annotations

import time
from collections.abc import Iterable

import docker

from galley_iac.automation import repair
from galley_iac.automation.attempt import attempt
from galley_iac.automation.kubernetes import report
from galley_iac.automation.kubernetes.watch import Watch
from galley_iac.automation.outcome import OnProgress, Updated
from galley_iac.automation.progress import Progress
from galley_iac.automation.recorder import Recorder
from galley_iac.automation.state import State
from galley_iac.automation.watch import Watch as BuildWatch
from galley_iac.automation.workspace import Workspace
from galley_iac.cluster.client import Api, Client
from galley_iac.cluster.live import Live, observe
from galley_iac.cluster.ownership import refuse_foreign
from galley_iac.cluster.status import hopeless, preview_status, service_status
from galley_iac.engine.facts import present
from galley_iac.engine.status import PreviewStatus
from galley_iac.errors import PreviewError
from galley_iac.masking import Masker
from galley_iac.plan.cluster import Cluster
from galley_iac.program.main import engine_host
from galley_iac.request import Prepared
from galley_iac.source.repository import Commit

_SETTLED_WITHIN = 300.0
_PAUSE = 0.5


def bring_up(
    workspace: Workspace,
    client: docker.DockerClient,
    prepared: Prepared,
    cluster: Cluster,
    notify: OnProgress,
    *,
    refresh: bool = False,
    commit: Commit | None = None,
) -> Updated:
    """As :func:`galley_iac.automation.update.up`, for a caller that holds the preview already."""
    plan, api = prepared.plan, Client(cluster.context)
    live = observe(api, plan.name)
    refuse_foreign(plan.name, plan.preview.identity, live)
    found = repair.before(workspace, client, plan.name, engine_host(prepared.request))
    workspace.create(plan.name)
    workspace.configure(prepared)
    refresh = refresh or _differs(found.state, live, (c.service for c in plan.containers))
    try:
        with Recorder(workspace, prepared, commit):
            progress = _update(workspace, client, api, prepared, live, notify, refresh)
        status = settle(api, plan.name, [container.service for container in plan.containers])
        return Updated(status, progress.changes, progress)
    except PreviewError as error:
        raise PreviewError(Masker(workspace.secrets(plan.name).values())(str(error))) from None


def _update(
    workspace: Workspace,
    client: docker.DockerClient,
    api: Api,
    prepared: Prepared,
    before: Live,
    notify: OnProgress,
    refresh: bool,
) -> Progress:
    plan = prepared.plan
    progress = Progress(plan, present(client, plan.images))
    watch = Watch(api, plan.name, progress, before, workspace.command.cancel)
    with BuildWatch(client, plan, progress, notify), watch:
        failure = attempt(workspace, prepared, progress, notify, refresh=refresh)
    if failure is not None:
        raise PreviewError(report.failure(api, plan, progress, failure, watch.ended))
    return progress


def settle(api: Api, preview: str, services: Iterable[str]) -> PreviewStatus:
    """The status once all services are as they should be. PreviewError when one is not, and stays so.

    On a busy cluster Pulumi takes a Deployment for updated whose update has not begun (docs/kubernetes.md).
    """
    expected, end = list(services), time.monotonic() + _SETTLED_WITHIN
    while True:
        live = observe(api, preview)
        bad = [status for name in expected if not (status := service_status(live, name)).healthy]
        if not bad:
            return preview_status(preview, live)
        past_help = [one for one in bad if one.state == "missing" or hopeless(live, one.service)]
        if past_help or time.monotonic() > end:
            raise PreviewError(report.unsettled(api, preview, live, past_help or bad))
        time.sleep(_PAUSE)


def _differs(state: State, live: Live, services: Iterable[str]) -> bool:
    """Whether the cluster is other than an earlier update left it: only a refresh notices that."""
    known = [name for name in services if name in state.containers]
    return any(not service_status(live, name).healthy for name in known)
