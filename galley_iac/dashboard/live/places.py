"""On which place each preview is: on the engine, but for those of which its stack says a cluster."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection
from pathlib import Path

from pulumi.automation.errors import CommandError

from galley_iac.automation import state
from galley_iac.automation.kubernetes.places import context_of
from galley_iac.automation.state import State
from galley_iac.dashboard.live.cluster.place import Cluster
from galley_iac.dashboard.live.engine.place import Engine
from galley_iac.dashboard.live.place import Place
from galley_iac.errors import GalleyError


class Places:
    """The engine, and every cluster that a preview is on; ``reach`` makes one, by the kubeconfig's context.

    A cluster is looked at from when the first preview on it is noticed.
    """

    def __init__(self, engine: Engine, local: Path | None, reach: Callable[[str], Cluster]) -> None:
        self._engine, self._local, self._reach = engine, local, reach
        self._lock = threading.Lock()
        self._clusters: dict[str, Cluster] = {}
        self._on: dict[str, str] = {}

    def start(self) -> None:
        """Raises MachineError when the engine is silent; a cluster that is, is only said to be."""
        self._engine.start()

    def stop(self) -> None:
        """Ends all that looks."""
        for place in self.every():
            place.stop()

    def every(self) -> list[Place]:
        """All places, the engine first."""
        return [self._engine, *self._clusters.values()]

    def of(self, name: str) -> Place:
        """Where a preview is."""
        context = self._on.get(name)
        return self._engine if context is None else self._clusters[context]

    def names(self) -> Collection[str]:
        """Every preview of which anything lives."""
        return {name for place in self.every() for name in place.names()}

    def learn(self, name: str, *, known: bool) -> None:
        """Looks again where a preview is; ``known`` says whether it has a stack."""
        context = self._context(name) if known else None
        with self._lock:
            if context is None:
                self._leave(name)
                return
            if context not in self._clusters:
                self._clusters[context] = self._reach(context)
                self._clusters[context].start()
            self._on[name] = context
            self._clusters[context].want(name)

    def _leave(self, name: str) -> None:
        if name in self._on:
            self._clusters[self._on.pop(name)].leave(name)

    def _context(self, name: str) -> str | None:
        with contextlib.suppress(OSError, ValueError, CommandError, GalleyError):
            found = context_of(name)
            return found if found is not None else self._state(name).cluster
        return None

    def _state(self, name: str) -> State:
        """What is on the engine is not asked of a shared backend, which takes a process."""
        if self._local is not None:
            return state.of_stack(self._local, name)
        if name in self._engine.names():
            return State()
        from galley_iac.automation.workspace import Workspace

        return Workspace().state(name)
