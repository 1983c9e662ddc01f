"""One preview's ``down`` on a cluster: destroy the stack, then prove that nothing is left."""

from __future__ import annotations

import time

from galley_iac.automation import claims
from galley_iac.automation.destruction import destroy
from galley_iac.automation.outcome import OnRemoved, Removed
from galley_iac.automation.workspace import Workspace
from galley_iac.cluster.client import Api
from galley_iac.cluster.live import Live, observe
from galley_iac.cluster.ownership import refuse_stranger
from galley_iac.errors import PreviewError

_GONE_WITHIN = 120.0
"""Seconds for what ends by itself: pods in their own way, volumes after their claims."""

_PAUSE = 0.5


class RemovedFromCluster(Removed):
    """The namespace is the preview's network, and its pods are its containers."""

    def __str__(self) -> str:
        return f"{self.containers} pods, its namespace, {self.volumes} volumes"


def remove(workspace: Workspace, api: Api, preview: str, notify: OnRemoved) -> Removed:
    """Removes the preview, for a caller that holds it. PreviewError with what is left after two minutes."""
    before = observe(api, preview)
    refuse_stranger(preview, before)
    if workspace.exists(preview):
        services = {workload.service for workload in before.workloads}

        def once(name: str) -> None:
            if name in services:
                services.remove(name)
                notify(name)

        destroy(workspace, preview, once)
        workspace.remove(preview)
    if observe(api, preview).namespace is not None:
        api.delete(f"/api/v1/namespaces/{preview}")
    _prove(api, preview)
    claims.disclaim(preview)
    return RemovedFromCluster(len(before.pods), int(before.namespace is not None), len(before.claims))


def _prove(api: Api, preview: str) -> None:
    end = time.monotonic() + _GONE_WITHIN
    while live := observe(api, preview):
        if time.monotonic() > end:
            raise PreviewError(
                f"{preview} is down, but this is left:\n{_lines(live)}", "run `galley down` again"
            )
        time.sleep(_PAUSE)


def _lines(live: Live) -> str:
    return "\n".join(f"    {line}" for line in live.describe())
