"""Wakes a sleeping preview: the same containers, started in their dependencies' order, and checked again.

No image is built and no job is run: what a job has done is in the data, which was kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

import docker

from galley_iac import timing
from galley_iac.automation import capacity, hold, tags
from galley_iac.automation.interrupt import Interruptible
from galley_iac.automation.kubernetes import places
from galley_iac.automation.kubernetes import sleep as on_cluster
from galley_iac.automation.progress import PROBE_SUFFIX, Phase
from galley_iac.automation.repair import Found
from galley_iac.automation.settle import of_live, settle
from galley_iac.automation.sleep import refuse_absent
from galley_iac.automation.state import State
from galley_iac.automation.watch import end_hopeless_checks
from galley_iac.automation.workspace import Workspace
from galley_iac.engine import labels
from galley_iac.engine.live import Live, LiveContainer, observe
from galley_iac.engine.status import PreviewStatus
from galley_iac.errors import PreviewError
from galley_iac.life.order import generations
from galley_iac.masking import Masker

_PAUSE = 0.1

Notify = Callable[[str, Phase], None]
"""Told of a service and what it does now."""


def wake(workspace: Workspace, client: docker.DockerClient, preview: str, notify: Notify) -> PreviewStatus:
    """Starts whatever does not run and waits until all of it is ready.

    Raises PreviewError with what did not come up, MachineError where there is no room, UsageError where there
    is nothing to wake.
    """
    with hold.exclusive(client, preview), Interruptible(workspace.command, client, preview) as guard:
        if api := places.cluster_of(preview):
            return on_cluster.wake(workspace, api, preview, notify)
        state, live = workspace.state(preview), observe(client, preview)
        refuse_absent(preview, state, live)
        _refuse_incomplete(preview, state, live)
        capacity.admit(workspace, client, capacity.of_live(preview, live), live, guard)
        tags.write(preview, {tags.ASLEEP: None, tags.ACTIVITY: timing.stamp(time.time())}, workspace)
        try:
            start(client, preview, state, notify)
            return settle(client, of_live(preview, observe(client, preview)))
        except PreviewError as error:
            raise PreviewError(Masker(workspace.secrets(preview).values())(str(error))) from None


def rouse(client: docker.DockerClient, preview: str, found: Found) -> Found:
    """What an update of a sleeping preview begins with, so that what does not change need not be made anew.

    What does not come up is no error here: the update that follows repairs it. Returns what there is then.
    """
    if not tags.is_asleep(preview, found.live):
        return found
    print(f"{preview} is asleep; waking it ...", file=sys.stderr, flush=True)
    start(client, preview, found.state, lambda _service, _phase: None)
    return Found(found.state, observe(client, preview))


def start(client: docker.DockerClient, preview: str, state: State, notify: Notify) -> None:
    """Starts what does not run, each after what it depends on is ready; ends early where something is not."""
    start_of = _Start(client, preview, state, notify)
    for group in generations({name: declared.after for name, declared in state.containers.items()}):
        if not start_of.group([name for name in group if state.containers[name].role != labels.ROLE_JOB]):
            return


class _Start:
    """One preview on its way up. A service is checked again only if it was started here."""

    def __init__(self, client: docker.DockerClient, preview: str, state: State, notify: Notify) -> None:
        self._client, self._preview, self._notify = client, preview, notify
        self._checked = {name.removesuffix(PROBE_SUFFIX) for name in state.containers if _is_probe(name)}
        self._started: set[str] = set()

    def group(self, names: Sequence[str]) -> bool:
        """Starts services and their checks that wait for nothing more; returns whether all went well."""
        live = observe(self._client, self._preview)
        services = [name for name in names if not _is_probe(name)]
        checks = [name.removesuffix(PROBE_SUFFIX) for name in names if _is_probe(name)]
        begun = [self._service(live, name) for name in services]
        asked = [name for name in checks if name in self._started]
        return all(begun) and all(self._ask(live, asked))

    def _service(self, live: Live, name: str) -> bool:
        container = live.container(name, labels.ROLE_SERVICE, labels.ROLE_ROUTER)
        if container is None or container.state == "running":
            return container is not None
        self._notify(name, Phase.STARTING)
        if not self._run(container):
            self._notify(name, Phase.FAILED)
            return False
        self._started.add(name)
        if name not in self._checked:
            self._notify(name, Phase.READY)
        return True

    def _ask(self, live: Live, services: Sequence[str]) -> list[bool]:
        """Runs the readiness checks of all of them at once."""
        for name in services:
            probe = live.container(name, labels.ROLE_PROBE)
            if probe and self._run(probe):
                self._notify(name, Phase.CHECKING)
        return [self._is_ready(name) for name in services]

    def _is_ready(self, name: str) -> bool:
        """A check that has been removed asks nothing; settling still sees whether the service runs."""
        while True:
            live = observe(self._client, self._preview)
            probe = live.container(name, labels.ROLE_PROBE)
            if probe is None or probe.state != "running":
                break
            end_hopeless_checks(self._client, live)
            time.sleep(_PAUSE)
        ready = probe is None or probe.exit_code == 0
        self._notify(name, Phase.READY if ready else Phase.FAILED)
        return ready

    def _run(self, container: LiveContainer) -> bool:
        """What the engine says against it stays with the container, where the report finds it."""
        try:
            self._client.api.start(container.id)
        except docker.errors.APIError:
            return False
        return True


def _is_probe(name: str) -> bool:
    return name.endswith(PROBE_SUFFIX)


def _refuse_incomplete(preview: str, state: State, live: Live) -> None:
    """Stopped containers are what `docker container prune` removes."""
    there = {container.service for container in live.lasting}
    wanted = {name for name, one in state.containers.items() if one.role in _LASTING}
    if gone := sorted(wanted - there):
        raise PreviewError(
            f"{preview} cannot be woken: the container of {', '.join(gone)} does not exist any more",
            "`galley up` makes it anew; the data is kept",
        )


_LASTING = (labels.ROLE_SERVICE, labels.ROLE_ROUTER)
