"""Puts a preview to sleep: its containers are stopped, and everything is kept."""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor

import docker

from galley_iac import timing
from galley_iac.automation import hold, tags
from galley_iac.automation.kubernetes import places
from galley_iac.automation.kubernetes import sleep as on_cluster
from galley_iac.automation.outcome import Slept
from galley_iac.automation.state import State
from galley_iac.automation.workspace import Workspace
from galley_iac.engine import labels, usage
from galley_iac.engine.live import Live, LiveContainer, observe
from galley_iac.errors import UsageError
from galley_iac.life.order import generations

_AT_ONCE = 16
_DATA_GRACE, _GRACE = 10, 2
"""Seconds to stop in its own way: what keeps data gets the more, as when it is removed."""

_STOPPED = ("exited", "created", "dead")


def sleep(
    workspace: Workspace, client: docker.DockerClient, preview: str, why: str = "", *, wait: bool = True
) -> Slept:
    """Stops all containers, those first that others do not need. ``why`` is shown where it is asleep.

    The tag is written first: what is cut off then is finished by the next ``sleep``, and does not look like
    a crash. Without ``wait``, raises InUseError when a command is working on it; UsageError where there is
    nothing to put to sleep.
    """
    with hold.exclusive(client, preview, wait=wait):
        if api := places.cluster_of(preview):
            return on_cluster.sleep(workspace, api, preview, why)
        state, live = workspace.state(preview), observe(client, preview)
        refuse_absent(preview, state, live)
        freed, services = usage.size(live), tuple(c.service for c in live.lasting if c.state not in _STOPPED)
        if live.awake or tags.ASLEEP not in tags.read(preview):
            tags.write(preview, {tags.ASLEEP: f"{timing.stamp(time.time())} {why}".rstrip()}, workspace)
        _stop_all(client, live, state)
    return Slept(preview, services, freed)


def refuse_absent(preview: str, state: State, live: Live) -> None:
    """Sleep and waking are for what this backend knows and the engine has; UsageError otherwise."""
    if not live.lasting:
        raise UsageError(f"there is nothing of {preview} on this engine", "`galley ls` shows what there is")
    if not state.ids:
        raise UsageError(
            f"the stack of {preview} is not in this backend",
            "use the GALLEY_HOME that it was brought up from",
        )


def _stop_all(client: docker.DockerClient, live: Live, state: State) -> None:
    """In the reverse of the order in which they were started; what no state knows goes first."""
    groups = generations({name: declared.after for name, declared in state.containers.items()})
    position = {name: number for number, group in enumerate(groups) for name in group}
    running = [container for container in live.containers if container.state not in _STOPPED]
    for number in sorted({_position(c, position) for c in running}, reverse=True):
        together = [container for container in running if _position(container, position) == number]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda container: _stop(client, container), together))


def _position(container: LiveContainer, known: dict[str, int]) -> int:
    return known.get(container.service, len(known)) if container.role in _IN_ORDER else len(known)


_IN_ORDER = (labels.ROLE_SERVICE, labels.ROLE_ROUTER)


def _stop(client: docker.DockerClient, container: LiveContainer) -> None:
    with contextlib.suppress(docker.errors.NotFound):
        if container.state == "paused":
            client.api.unpause(container.id)
        client.api.stop(container.id, timeout=_DATA_GRACE if container.keeps_data else _GRACE)
