"""Previews on a Docker engine, kept up to date by its events."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

import docker

from galley_iac.automation.records import Record
from galley_iac.automation.report import tail
from galley_iac.dashboard.live.crashes import End, Ends
from galley_iac.dashboard.live.engine import services, terminal
from galley_iac.dashboard.live.engine.usage import Meter
from galley_iac.dashboard.live.engine.watch import Watch
from galley_iac.dashboard.live.environment import variables
from galley_iac.dashboard.live.following import ContainerStream
from galley_iac.dashboard.live.lastlines import LastLines, Wanted
from galley_iac.dashboard.live.lines import Mask, container_lines
from galley_iac.dashboard.live.place import About, Measured, OnCrash, Run, Seen
from galley_iac.dashboard.live.secrets import Maskers
from galley_iac.dashboard.live.shell import START, Shell
from galley_iac.dashboard.model import Line, Variable
from galley_iac.engine import labels
from galley_iac.engine.client import connect
from galley_iac.engine.live import Live, LiveContainer, observe
from galley_iac.errors import PreviewError

_SHOWN_LINES = 20
_STOP_SECONDS = 10
_ROLES = (labels.ROLE_SERVICE, labels.ROLE_JOB, labels.ROLE_ROUTER)


class Engine:
    """The previews of one engine, as :class:`galley_iac.dashboard.live.place.Place` wants them.

    ``changed`` is told which preview may be different, ``record`` says what its stack knows.
    """

    target = "docker"
    lacks: frozenset[str] = frozenset()
    measured = True

    def __init__(
        self,
        host: str,
        maskers: Maskers,
        record: Callable[[str], Record | None],
        changed: Callable[[str], None],
        crashed: OnCrash,
    ) -> None:
        """Raises MachineError when the engine is silent."""
        self._host, self._maskers, self._record = host, maskers, record
        self._changed, self._crashed = changed, crashed
        self.client = connect(host)
        self._lines = LastLines()
        self._watch = Watch(host, self._observed, Ends(self._ended))
        self._meter = Meter(host, self._running, lambda: changed(""))

    def start(self) -> None:
        """As the protocol says. Raises MachineError when the engine is silent."""
        self._watch.start()
        self._meter.start()

    def stop(self) -> None:
        """As the protocol says."""
        self._watch.stop()
        self._meter.stop()
        self.client.close()

    @property
    def problem(self) -> str:
        """As the protocol says."""
        return self._watch.problem

    def names(self) -> Collection[str]:
        """As the protocol says."""
        return list(self._watch.found)

    def look(self) -> None:
        """As the protocol says."""
        self._meter.look()

    def seen(self, name: str, about: About) -> Seen:
        """As the protocol says."""
        measured = Measured(self._meter.found, partial(self._lines.of, name))
        return services.seen(name, self._live(name), about, measured)

    def forget(self, name: str) -> None:
        """As the protocol says."""
        self._lines.forget(name)

    def environment(self, name: str, mask: Mask) -> Mapping[str, Sequence[Variable]]:
        """As the protocol says."""
        found: dict[str, Sequence[Variable]] = {}
        for container in self._live(name).containers:
            if container.role in (labels.ROLE_SERVICE, labels.ROLE_JOB):
                with contextlib.suppress(docker.errors.NotFound):
                    given, own = self._given(container.id)
                    found[container.service] = variables(given, own, mask)
        return found

    def runs(self, name: str) -> Sequence[Run]:
        """As the protocol says."""
        return [self._run(one) for one in self._live(name).containers if one.role in _ROLES]

    def restart(self, name: str, service: str) -> None:
        """As the protocol says, whatever state the container is in."""
        with contextlib.closing(connect(self._host)) as client:
            container = observe(client, name).container(service, labels.ROLE_SERVICE, labels.ROLE_ROUTER)
            if container is None:
                raise PreviewError(f"{service} has no container", "redeploy the preview")
            try:
                client.api.restart(container.id, timeout=_STOP_SECONDS)
            except docker.errors.APIError as error:
                raise PreviewError(f"{service} could not be restarted: {error.explanation}") from None

    def open_shell(self, name: str, service: str) -> Shell:
        """As the protocol says."""
        container = self._live(name).container(service, labels.ROLE_SERVICE)
        if container is None or container.state != "running":
            raise PreviewError(f"{service} does not run", "start it first")
        channel = terminal.Exec(self._host, container.id, ["sh", "-c", START])
        return Shell(channel, partial(terminal.run, self._host, container.id))

    def _live(self, name: str) -> Live:
        return self._watch.found.get(name, Live())

    def _run(self, one: LiveContainer) -> Run:
        def follow(mask: Mask) -> ContainerStream:
            return ContainerStream(self.client, one.id, one.service, mask)

        key = f"{one.id} {one.started_at}"
        return Run(key, one.id, one.service, one.role, partial(self._written, one.id, one.service), follow)

    def _written(self, container: str, service: str, mask: Mask, last: int, since: str = "") -> list[Line]:
        return container_lines(self.client, container, service, tail=last, since=since, mask=mask)

    def _given(self, container: str) -> tuple[list[str], list[str]]:
        """A container's whole environment, and its image's."""
        info = self.client.api.inspect_container(container)
        image = self.client.api.inspect_image(info["Image"])
        return list(info["Config"]["Env"] or ()), list((image["Config"] or {}).get("Env") or ())

    def _running(self) -> list[str]:
        every = [container for live in list(self._watch.found.values()) for container in live.containers]
        return [c.id for c in every if c.state == "running" and c.role != labels.ROLE_PROBE]

    def _observed(self, name: str) -> None:
        """A preview has been looked at again: its state is told at once, the last lines of what is not as it
        should be when they are read, which may need Pulumi for the masks.
        """
        self._changed(name)
        live = self._watch.found.get(name)
        if live is not None and (bad := self._bad(name, live)):
            self._lines.take(name, bad)
            self._changed(name)

    def _bad(self, name: str, live: Live) -> dict[str, Wanted]:
        found = {}
        for status in services.status_of(name, live, self._record(name)).services:
            container = live.container(status.service)
            if container is not None and not status.healthy:
                key = f"{container.state} {container.started_at} {container.finished_at} {status.state}"
                found[container.id] = Wanted(key, partial(self._last, name, container))
        return found

    def _last(self, name: str, container: LiveContainer) -> list[str]:
        return [self._maskers.of(name)(line) for line in tail(self.client, container, _SHOWN_LINES)]

    def _ended(self, end: End) -> None:
        self._crashed(end, partial(self._written, end.crash.container, end.service))
