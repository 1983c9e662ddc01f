"""Previews on a Kubernetes cluster."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

from galley_iac.automation.kubernetes import sleep
from galley_iac.cluster.client import Api, Client
from galley_iac.cluster.live import Live, Pod
from galley_iac.cluster.logs import tail
from galley_iac.cluster.status import preview_status
from galley_iac.dashboard.live.cluster import environment, logs, services
from galley_iac.dashboard.live.cluster.terminal import Stream
from galley_iac.dashboard.live.cluster.usage import usage
from galley_iac.dashboard.live.cluster.watch import Watch
from galley_iac.dashboard.live.crashes import End
from galley_iac.dashboard.live.lastlines import LastLines, Wanted
from galley_iac.dashboard.live.lines import Mask
from galley_iac.dashboard.live.place import About, Measured, OnCrash, Run, Seen
from galley_iac.dashboard.live.secrets import Maskers
from galley_iac.dashboard.live.shell import START, Shell
from galley_iac.dashboard.model import Line, Usage, Variable
from galley_iac.errors import GalleyError, PreviewError
from galley_iac.timing import parse

_SHOWN_LINES = 20
_AFTER = 2e-6
"""Seconds that a run is taken to last beyond its last line: the cluster tells only the second of its end."""

_PERIOD = 5.0
_LOOKED_AT = 60.0
"""Seconds that somebody counts as looking after the last question."""


class Cluster:
    """Those previews of one cluster that are wanted, as :class:`galley_iac.dashboard.live.place.Place` says.

    ``context`` is the kubeconfig's; ``changed`` is told which preview may be different.
    """

    target = "kubernetes"
    lacks = frozenset({"rebuild"})

    def __init__(
        self,
        context: str,
        maskers: Maskers,
        changed: Callable[[str], None],
        crashed: OnCrash,
    ) -> None:
        self._context, self._maskers = context, maskers
        self._changed, self._crashed = changed, crashed
        self.measured = False
        self._api: Api | None = None
        self._lines, self._known_ends = LastLines(), set[str]()
        self._usage: dict[str, Usage] = {}
        self._asked, self._stopped = 0.0, threading.Event()
        self._watch = Watch(self._reach, self._observed)

    def start(self) -> None:
        """As the protocol says."""
        self._watch.start()
        threading.Thread(target=self._measure, daemon=True).start()

    def stop(self) -> None:
        """As the protocol says."""
        self._stopped.set()
        self._watch.stop()

    def want(self, name: str) -> None:
        """Has a preview looked at, soon and from then on."""
        self._watch.want(name)

    def leave(self, name: str) -> None:
        """The preview is not on this cluster any more."""
        self._watch.leave(name)
        self._lines.forget(name)

    @property
    def problem(self) -> str:
        """As the protocol says."""
        return self._watch.problem

    def names(self) -> Collection[str]:
        """As the protocol says."""
        return list(self._watch.found)

    def look(self) -> None:
        """As the protocol says."""
        self._asked = time.monotonic()

    def seen(self, name: str, about: About) -> Seen:
        """As the protocol says."""
        measured = Measured(self._usage, partial(self._lines.of, name))
        return services.seen(name, self._live(name), about, measured)

    def forget(self, name: str) -> None:
        """As the protocol says."""
        self._lines.forget(name)

    def environment(self, name: str, mask: Mask) -> Mapping[str, Sequence[Variable]]:
        """As the protocol says."""
        return environment.environment(self._reach(), name, mask)

    def runs(self, name: str) -> Sequence[Run]:
        """As the protocol says."""
        live = self._live(name)
        return logs.runs(self._reach(), name, live, partial(self._has, name)) if live.pods else []

    def restart(self, name: str, service: str) -> None:
        """As the protocol says."""
        sleep.restart(self._reach(), name, service)

    def open_shell(self, name: str, service: str) -> Shell:
        """As the protocol says."""
        pod = self._live(name).pod(service)
        if pod is None or pod.main.state != "running":
            raise PreviewError(f"{service} does not run", "start it first")
        started = partial(Stream, self._context, name, pod.name, service)
        return Shell(started(["sh", "-c", START], terminal=True), partial(self._run, started))

    def _run(self, started: Callable[..., Stream], command: Sequence[str]) -> None:
        """Runs a command to its end."""
        with contextlib.closing(started(command, terminal=False)) as stream:
            while stream.read() is not None:
                pass

    def _reach(self) -> Api:
        self._api = self._api or Client(self._context)
        return self._api

    def _live(self, name: str) -> Live:
        return self._watch.found.get(name, Live())

    def _has(self, name: str, pod: str) -> bool:
        return any(one.name == pod for one in self._live(name).pods)

    def _observed(self, name: str) -> None:
        """A preview has been looked at again: takes what crashed, and the last lines of what is not right."""
        live = self._watch.found.get(name)
        if live is not None:
            for end in services.ends(name, live):
                self._take(end, live)
            self._lines.take(name, self._bad(name, live))
        self._changed(name)

    def _take(self, end: End, live: Live) -> None:
        if end.crash.container in self._known_ends:
            return
        last = self._written(end, live, str, 1)
        when = max([end.crash.when, *(parse(line.stamp).timestamp() + _AFTER for line in last)])
        self._known_ends.add(end.crash.container)
        told = replace(end, crash=replace(end.crash, when=when))
        self._crashed(told, partial(self._written, told, live))

    def _written(self, end: End, live: Live, mask: Mask, last: int) -> list[Line]:
        """The log of a run that has ended."""
        pod = next(one.name for one in live.pods if one.main.last_id == end.crash.container)
        of = logs.Container(self._reach(), end.preview, pod, end.service)
        return logs.of_ended(of, end.crash.container, mask, last)

    def _bad(self, name: str, live: Live) -> dict[str, Wanted]:
        found = {}
        for status in preview_status(name, live).services:
            pod = live.pod(status.service)
            if pod is not None and not status.healthy:
                key = f"{pod.main.id} {pod.main.state} {status.state}"
                found[pod.name] = Wanted(key, partial(self._last, name, pod))
        return found

    def _last(self, name: str, pod: Pod) -> list[str]:
        return [self._maskers.of(name)(line) for line in tail(self._reach(), name, pod, _SHOWN_LINES)]

    def _measure(self) -> None:
        while not self._stopped.wait(_PERIOD):
            if time.monotonic() - self._asked < _LOOKED_AT:
                with contextlib.suppress(GalleyError):
                    self.measure()

    def measure(self) -> None:
        """Asks once what all pods use."""
        answers = [usage(self._reach(), name) for name in list(self._watch.found)]
        self.measured = any(answer is not None for answer in answers)
        self._usage = {pod: one for answer in answers for pod, one in (answer or {}).items()}
        self._changed("")
