"""What every update begins with: whatever an interruption left is put right, so that nobody has to do it by
hand.

A killed update leaves Pulumi's lock, pending operations, and objects that no state knows, which then stand in
the way of their own names (docs/engine.md).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import docker
from pulumi.automation.errors import CommandError

from galley_iac.automation import hold, locks, otherstack, report, sharedlocks
from galley_iac.automation.backend import PROJECT, local_state, mend
from galley_iac.automation.interrupt import end_checks
from galley_iac.automation.state import State
from galley_iac.automation.workspace import Workspace
from galley_iac.engine import ownership
from galley_iac.engine.live import Live, observe
from galley_iac.errors import PreviewError, UsageError
from galley_iac.plan.identity import Identity


@dataclass(frozen=True)
class Found:
    """What there is before an update: what the state knows, and what of it lives."""

    state: State
    live: Live

    @property
    def lost(self) -> bool:
        """Whether the engine lacks an object that the state believes in."""
        return bool(self.state.ids - self.live.ids)


def before(workspace: Workspace, client: docker.DockerClient, preview: str, engine: str) -> Found:
    """Repairs what is to be repaired; ``engine`` is the host that ``client`` speaks to.

    To be called with the preview held by :func:`hold.exclusive`.
    """
    cut_off = release(workspace, client, preview)
    state = workspace.state(preview)
    refuse_other_engine(preview, state, engine)
    if state.pending or (cut_off and state.ids):
        _refresh(workspace, preview)
        state = workspace.state(preview)
    live = observe(client, preview)
    otherstack.refuse(preview, live, state)
    if remove_unknown(client, live, state):
        live = observe(client, preview)
    return Found(state, live)


def refuse_foreign(
    workspace: Workspace, client: docker.DockerClient, preview: str, identity: Identity
) -> None:
    """Refuses a preview whose objects, or whose state, are another's."""
    recorded = workspace.state(preview).identity
    found = observe(client, preview).identities
    ownership.refuse_foreign(preview, identity, found | ({recorded} if recorded else set()))


def refuse_other_engine(preview: str, state: State, engine: str) -> None:
    """A preview stays on the engine it was brought up on: on another, all of it would pass for unchanged."""
    if state.engine and state.engine != engine:
        raise UsageError(
            f"{preview} lives on the Docker engine at {state.engine}, not on {engine}",
            f"take it down there first (`galley down --name {preview}` knows where), then bring it up here",
        )


def release(workspace: Workspace, client: docker.DockerClient, preview: str) -> bool:
    """Releases Pulumi's lock where a dead update has left it; returns whether there was one."""
    local = local_state()
    if local is None:
        return workspace.exists(preview) and sharedlocks.release_dead(
            workspace, preview, lambda: end_checks(client, preview), hold.longest_wait()
        )
    found = locks.release_dead(local, PROJECT, preview, lambda: end_checks(client, preview))
    if found:
        mend(local, preview)
    return found


def _refresh(workspace: Workspace, preview: str) -> None:
    """Compares the state with the engine, and forgets the operations that were cut off."""
    try:
        workspace.stack(preview).refresh(clear_pending_creates=True)
    except CommandError as error:
        said = report.clean(str(error))
        raise PreviewError(
            f"the last update of {preview} was cut off, and its state could not be repaired:\n{said}",
            "run the command again; `galley down` removes what there is",
        ) from None


def remove_unknown(client: docker.DockerClient, live: Live, state: State, *, volumes: bool = False) -> bool:
    """Removes the preview's containers and networks that its state does not know; volumes only when asked to.

    A volume of a living preview is never removed: creating it again finds it, with its data. Returns whether
    there was anything to remove.
    """
    containers = [c for c in live.containers if c.id not in state.ids]
    networks = [n for n in live.networks if n.id not in state.ids]
    names = [v for v in live.volumes if v not in state.ids] if volumes else []
    for container in containers:
        with contextlib.suppress(docker.errors.NotFound):
            client.api.remove_container(container.id, v=True, force=True)
    for network in networks:
        with contextlib.suppress(docker.errors.NotFound):
            client.api.remove_network(network.id)
    for name in names:
        with contextlib.suppress(docker.errors.NotFound):
            client.api.remove_volume(name)
    return bool(containers or networks or names)
