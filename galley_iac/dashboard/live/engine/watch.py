"""What lives on the engine, kept up to date by the engine's own events.

An event names a preview, and that preview alone is looked at again, so hundreds of them cost nothing while
nothing happens. Every few seconds one listing of all containers catches what an event did not tell.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import docker

from galley_iac.dashboard.live.crashes import Ends
from galley_iac.engine import labels
from galley_iac.engine.client import connect
from galley_iac.engine.live import Live, observe
from galley_iac.errors import MachineError

_RESCAN = 10.0
_RETRY = 2.0
_GATHER = 0.05
"""Seconds in which further events of the same moment are waited for: an update makes dozens at once."""

_FILTERS = {"type": ["container"], "label": [labels.PREVIEW]}

OnChange = Callable[[str], None]
Signature = tuple[tuple[str, str], ...]


class Watch:
    """``found`` holds what lives of each preview; ``changed`` is told which one was looked at again.

    Started by :meth:`start`; :meth:`stop` ends its threads. While the engine is silent, ``problem`` says so
    and what was known last stays.
    """

    def __init__(self, host: str, changed: OnChange, ends: Ends) -> None:
        self.host, self.problem = host, ""
        self.found: dict[str, Live] = {}
        self._changed, self._ends = changed, ends
        self._signatures: dict[str, Signature] = {}
        self._dirty: set[str] = set()
        self._wake = threading.Condition()
        self._stopped = threading.Event()
        self._events: Any = None
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._listen, self._look, self._rescan)
        ]

    def start(self) -> None:
        """Looks once at everything, then goes on by itself. Raises MachineError when the engine is silent."""
        self._scan(connect(self.host))
        for name in self._taken():
            self._observe(connect(self.host), name)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends the threads; the one that listens ends with its connection."""
        self._stopped.set()
        with self._wake:
            self._wake.notify_all()
        with contextlib.suppress(Exception):
            self._events.close()

    def touch(self, name: str) -> None:
        """Has one preview looked at again soon."""
        with self._wake:
            self._dirty.add(name)
            self._wake.notify()

    def _listen(self) -> None:
        self._again_and_again(self._listen_once)

    def _listen_once(self, client: docker.DockerClient) -> None:
        self._events = client.api.events(decode=True, filters=_FILTERS)
        self._scan(client)
        for event in self._events:
            preview = self._ends.feed(event)
            if preview:
                self.touch(preview)

    def _rescan(self) -> None:
        def scan(client: docker.DockerClient) -> None:
            while not self._stopped.wait(_RESCAN):
                self._scan(client)

        self._again_and_again(scan)

    def _look(self) -> None:
        def look(client: docker.DockerClient) -> None:
            while not self._stopped.is_set():
                for name in self._taken(wait=True):
                    self._observe(client, name)

        self._again_and_again(look)

    def _again_and_again(self, work: Callable[[docker.DockerClient], None]) -> None:
        while not self._stopped.is_set():
            try:
                work(connect(self.host))
            except (MachineError, docker.errors.DockerException, OSError, ValueError) as error:
                if not self._stopped.is_set():
                    self._fail(error)
            self._stopped.wait(_RETRY)

    def _fail(self, error: Exception) -> None:
        self.problem = (
            str(error).splitlines()[0]
            if isinstance(error, MachineError)
            else (f"the Docker engine at {self.host} does not answer")
        )
        self._changed("")

    def _taken(self, wait: bool = False) -> list[str]:
        with self._wake:
            if wait and not self._dirty and not self._stopped.is_set():
                self._wake.wait()
        if wait:
            time.sleep(_GATHER)
        with self._wake:
            names, self._dirty = sorted(self._dirty), set()
        return names

    def _observe(self, client: docker.DockerClient, name: str) -> None:
        try:
            live = observe(client, name)
        except (docker.errors.DockerException, OSError):
            self.touch(name)
            raise
        if live:
            self.found[name] = live
        else:
            self.found.pop(name, None)
        self._changed(name)

    def _scan(self, client: docker.DockerClient) -> None:
        """One listing; whichever preview it shows differently is looked at again."""
        now = _signatures(client)
        for name in now.keys() | self._signatures.keys():
            if now.get(name) != self._signatures.get(name):
                self.touch(name)
        self._signatures = now
        if self.problem:
            self.problem = ""
            self._changed("")


def _signatures(client: docker.DockerClient) -> dict[str, Signature]:
    """By preview: every object's id, and the state of those that have one."""
    every = {"label": labels.PREVIEW}
    found: dict[str, list[tuple[str, str]]] = {}

    def add(own: Mapping[str, str], identifier: str, state: str) -> None:
        found.setdefault(own[labels.PREVIEW], []).append((identifier, state))

    for container in client.api.containers(all=True, filters=every):
        add(container["Labels"], container["Id"], container["State"])
    for network in client.api.networks(filters=every):
        add(network["Labels"], network["Id"], "")
    for volume in client.api.volumes(filters=every).get("Volumes") or ():
        add(volume["Labels"], volume["Name"], "")
    return {name: tuple(sorted(entries)) for name, entries in found.items()}
