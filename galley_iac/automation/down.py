"""One preview's ``down``: destroy the stack, then prove against the engine that nothing of it is left."""

from __future__ import annotations

import docker

from galley_iac.automation import claims, hold, otherstack, repair
from galley_iac.automation.destruction import destroy
from galley_iac.automation.interrupt import Interruptible, Wanted
from galley_iac.automation.kubernetes import down as on_cluster
from galley_iac.automation.kubernetes import places
from galley_iac.automation.outcome import OnRemoved, Removed
from galley_iac.automation.state import State
from galley_iac.automation.workspace import Workspace
from galley_iac.cluster import live as cluster_live
from galley_iac.cluster import ownership
from galley_iac.engine.live import Live, observe
from galley_iac.errors import PreviewError
from galley_iac.plan.identity import Identity


def down(
    workspace: Workspace,
    client: docker.DockerClient,
    preview: str,
    notify: OnRemoved,
    identity: Identity | None = None,
    wanted: Wanted = lambda: None,
) -> Removed:
    """Removes the preview; no such preview is no error. ``identity``: whose it has to be, None for anyone's.

    Raises PreviewError with whatever could not be removed, UsageError when it is another's.
    """
    with hold.exclusive(client, preview), Interruptible(workspace.command, client, preview):
        wanted()
        if identity is not None:
            refuse_foreign(workspace, client, preview, identity)
        return remove(workspace, client, preview, notify)


def refuse_foreign(
    workspace: Workspace, client: docker.DockerClient, preview: str, identity: Identity
) -> None:
    """Refuses a preview whose state, or whose objects on the engine or its cluster, are another's."""
    repair.refuse_foreign(workspace, client, preview, identity)
    api = places.cluster_of(preview, workspace.state(preview))
    if api:
        ownership.refuse_foreign(preview, identity, cluster_live.observe(api, preview))


def remove(workspace: Workspace, client: docker.DockerClient, preview: str, notify: OnRemoved) -> Removed:
    """As :func:`down`, for a caller that holds the preview already."""
    repair.release(workspace, client, preview)
    api = places.cluster_of(preview, workspace.state(preview))
    if api:
        return on_cluster.remove(workspace, api, preview, notify)
    before = observe(client, preview)
    _refuse_guests(before)
    state = workspace.state(preview)
    otherstack.refuse(preview, before, state)
    repair.remove_unknown(client, before, state)
    if workspace.exists(preview):
        services = {container.service for container in before.containers}
        destroy(workspace, preview, lambda name: notify(name) if name in services else None)
        workspace.remove(preview)
    repair.remove_unknown(client, observe(client, preview), State(), volumes=True)
    _prove(preview, observe(client, preview))
    claims.disclaim(preview)
    return Removed(len(before.containers), len(before.networks), len(before.volumes))


def _refuse_guests(live: Live) -> None:
    """A foreign container on the network would hold it for half a minute and then fail (docs/engine.md)."""
    own = {container.name for container in live.containers}
    for network in live.networks:
        guests = sorted(set(network.attached) - own)
        if guests:
            raise PreviewError(
                f"network {network.name} cannot be removed: "
                f"{', '.join(guests)} is attached to it and is not ours",
                f"docker network disconnect {network.name} {guests[0]}",
            )


def _prove(preview: str, live: Live) -> None:
    if live:
        left = "\n".join(f"    {line}" for line in live.describe())
        raise PreviewError(f"{preview} is down, but this is left:\n{left}", "run `galley down` again")
