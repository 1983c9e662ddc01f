"""One preview's ``down``: destroy the stack, then prove against the engine that nothing of it is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import docker
from pulumi.automation import EngineEvent
from pulumi.automation.errors import CommandError

from galley_iac.automation import claims, hold, repair, report
from galley_iac.automation.interrupt import Interruptible, Wanted
from galley_iac.automation.state import State
from galley_iac.automation.workspace import Workspace
from galley_iac.engine.live import Live, observe
from galley_iac.errors import PreviewError
from galley_iac.plan.identity import Identity

OnRemoved = Callable[[str], None]


@dataclass(frozen=True)
class Removed:
    """What there was of the preview; nothing of it is left."""

    containers: int
    networks: int
    volumes: int

    def __bool__(self) -> bool:
        return bool(self.containers or self.networks or self.volumes)


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
            repair.refuse_foreign(workspace, client, preview, identity)
        return remove(workspace, client, preview, notify)


def remove(workspace: Workspace, client: docker.DockerClient, preview: str, notify: OnRemoved) -> Removed:
    """As :func:`down`, for a caller that holds the preview already."""
    repair.release(workspace, client, preview)
    before = observe(client, preview)
    _refuse_guests(before)
    repair.remove_unknown(client, before, workspace.state(preview))
    if workspace.exists(preview):
        services = {container.service for container in before.containers}
        _destroy(workspace, preview, lambda name: notify(name) if name in services else None)
        workspace.remove(preview)
    repair.remove_unknown(client, observe(client, preview), State(), volumes=True)
    _prove(preview, observe(client, preview))
    claims.disclaim(preview)
    return Removed(len(before.containers), len(before.networks), len(before.volumes))


def _destroy(workspace: Workspace, preview: str, notify: OnRemoved) -> None:
    stack, state = workspace.stack(preview), workspace.state(preview)
    if not state.ids and not state.pending:
        return
    messages: list[str] = []

    def on_event(event: EngineEvent) -> None:
        if event.res_outputs_event and event.res_outputs_event.metadata.op == "delete":
            notify(event.res_outputs_event.metadata.urn.rpartition("::")[2])
        if event.diagnostic_event and event.diagnostic_event.severity == "error":
            messages.append(event.diagnostic_event.message)

    try:
        if state.pending:
            stack.refresh(clear_pending_creates=True)
        stack.destroy(on_event=on_event)
    except CommandError as error:
        said = report.clean("\n".join(messages) or str(error))
        raise PreviewError(f"{preview} could not be removed:\n{said}", "run `galley down` again") from None


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
