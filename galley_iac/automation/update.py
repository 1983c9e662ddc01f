"""An update by Pulumi's engine: repair what an interruption left, update, watch, prove that all runs."""

from __future__ import annotations

import re

import docker

from galley_iac.automation import capacity, repair, report
from galley_iac.automation.attempt import attempt
from galley_iac.automation.interrupt import Interruptible
from galley_iac.automation.kubernetes import places
from galley_iac.automation.kubernetes.update import bring_up
from galley_iac.automation.outcome import OnProgress, OnQueued, Updated
from galley_iac.automation.progress import Progress
from galley_iac.automation.recorder import Recorder
from galley_iac.automation.settle import of_plan, settle, unhealthy
from galley_iac.automation.strays import remove_strays
from galley_iac.automation.unchanged import remember
from galley_iac.automation.wake import rouse
from galley_iac.automation.watch import Watch
from galley_iac.automation.workspace import Workspace
from galley_iac.engine.facts import present
from galley_iac.errors import PreviewError, UsageError
from galley_iac.masking import Masker
from galley_iac.plan.model import BuiltImage, Image, Plan
from galley_iac.program.main import engine_host
from galley_iac.request import Prepared
from galley_iac.source.repository import Commit

_ATTEMPTS = 3
_PASSING = re.compile(
    r"Pool overlaps|port is already allocated|address already in use|failed to read stack tags file"
)
"""What the next attempt puts right: another preview was quicker, and it chooses anew (docs/engine.md); or a
tag was just being written, which Pulumi does not do in one step, and does not forgive when an update begins.
"""


def update(
    client: docker.DockerClient,
    prepared: Prepared,
    notify: OnProgress,
    *,
    refresh: bool = False,
    commit: Commit | None = None,
    queued: OnQueued = lambda _why: None,
) -> Updated:
    """As :func:`galley_iac.automation.up.up`, by Pulumi's engine, for a caller that holds the preview."""
    plan, workspace = prepared.plan, Workspace()
    with Interruptible(workspace.command, client, plan.name) as guard:
        places.refuse_other(prepared, workspace.state(plan.name))
        if cluster := prepared.settings.cluster:
            if prepared.request.rebuild:
                raise UsageError("--rebuild is for previews on Docker", "leave it out")
            return bring_up(workspace, client, prepared, cluster, notify, refresh=refresh, commit=commit)
        return _bring_up(
            workspace, client, prepared, notify, guard, refresh=refresh, commit=commit, queued=queued
        )


def _bring_up(
    workspace: Workspace,
    client: docker.DockerClient,
    prepared: Prepared,
    notify: OnProgress,
    guard: Interruptible,
    *,
    refresh: bool,
    commit: Commit | None,
    queued: OnQueued,
) -> Updated:
    """On the engine, with the preview held."""
    plan = prepared.plan
    repair.refuse_foreign(workspace, client, plan.name, plan.preview.identity)
    found = repair.before(workspace, client, plan.name, engine_host(prepared.request))
    found = remove_strays(client, plan.name, found)
    notes = capacity.admit(workspace, client, capacity.of_plan(prepared), found.live, guard, queued)
    found = rouse(client, plan.name, found)
    workspace.create(plan.name)
    workspace.configure(prepared)
    try:
        with Recorder(workspace, prepared, commit):
            refresh = refresh or _differs(plan, found)
            progress = _update(workspace, client, prepared, notify, refresh=refresh)
        status = settle(client, of_plan(plan))
        remember(client, prepared)
        return Updated(status, progress.changes, progress, notes)
    except PreviewError as error:
        raise PreviewError(Masker(workspace.secrets(plan.name).values())(str(error))) from None


def _update(
    workspace: Workspace,
    client: docker.DockerClient,
    prepared: Prepared,
    notify: OnProgress,
    *,
    refresh: bool,
) -> Progress:
    for number in range(1, _ATTEMPTS + 1):
        progress = Progress(prepared.plan, present(client, _reused(prepared)))
        failure = _attempt(workspace, client, prepared, progress, notify, refresh)
        if failure is None:
            return progress
        if number < _ATTEMPTS and _PASSING.search(failure):
            refresh = True
            continue
        raise PreviewError(report.failure(client, prepared.plan, progress, failure))
    raise AssertionError("the last attempt either returns or raises")


def _attempt(
    workspace: Workspace,
    client: docker.DockerClient,
    prepared: Prepared,
    progress: Progress,
    notify: OnProgress,
    refresh: bool,
) -> str | None:
    with Watch(client, prepared.plan, progress, notify):
        return attempt(workspace, prepared, progress, notify, refresh=refresh, replace=_built_anew(prepared))


def _reused(prepared: Prepared) -> list[Image]:
    """The images that need not be built where the engine has them."""
    return [
        image
        for image in prepared.plan.images
        if not (prepared.request.rebuild and isinstance(image, BuiltImage))
    ]


def _built_anew(prepared: Prepared) -> list[str] | None:
    """The resources of all built images, as patterns of their URNs; a failed build leaves the old one."""
    if not prepared.request.rebuild:
        return None
    return [f"**::{image.tag}" for image in prepared.plan.built_images]


def _differs(plan: Plan, found: repair.Found) -> bool:
    """Whether the engine is other than an earlier update left it: only a refresh notices that."""
    return found.lost or (bool(found.live) and bool(unhealthy(of_plan(plan), found.live)))
