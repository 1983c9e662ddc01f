"""One preview's ``up``: nothing, where that is proven to be enough, else an update by Pulumi's engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import docker

from galley_iac.automation import hold
from galley_iac.automation.outcome import OnProgress, OnQueued, Updated
from galley_iac.automation.unchanged import Verdict, accept, judge
from galley_iac.request import Prepared
from galley_iac.source.repository import Commit

if TYPE_CHECKING:
    from galley_iac.automation.interrupt import Wanted


def up(
    client: docker.DockerClient,
    prepared: Prepared,
    notify: OnProgress,
    *,
    refresh: bool = False,
    commit: Commit | None = None,
    wanted: Wanted = lambda: None,
    queued: OnQueued = lambda _why: None,
) -> Updated:
    """Brings the preview to what its plan says; ``commit`` is noted with it, by default what is checked out.

    With ``refresh`` the engine compares everything first. Raises PreviewError with what failed, why, and what
    to do; MachineError where there is no room for it.
    """
    with hold.exclusive(client, prepared.plan.name):
        wanted()
        asks_for_more = refresh or prepared.request.rebuild
        found = Verdict() if asks_for_more else judge(client, prepared)
        if found.unchanged:
            return accept(prepared, found.live, notify, commit)
        from galley_iac.automation.update import update  # Pulumi's libraries cost what nothing needs not pay

        refresh = refresh or found.drifted
        return update(client, prepared, notify, refresh=refresh, commit=commit, queued=queued)
