"""A preview's updates from a shared backend, which has no files here to look into: Pulumi is asked.

That takes two processes, so it is done when somebody wants to see it, and again only after an update.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from pulumi.automation.errors import CommandError

from galley_iac.dashboard.live.updates import SHOWN, steps
from galley_iac.dashboard.model import History, Update
from galley_iac.errors import GalleyError
from galley_iac.timing import seconds

Ask = Callable[..., str]
"""One command of Pulumi's: what it printed."""


class SharedUpdates:
    """As :class:`galley_iac.dashboard.live.updates.Updates`, for every stack of a shared backend.

    ``updated`` says when a stack was written last. What an update did to each service is not known: the state
    before it is not to be had.
    """

    def __init__(self, updated: Callable[[str], float | None], ask: Ask | None = None) -> None:
        self._updated, self._ask = updated, ask or _pulumi
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float | None, History]] = {}

    def first(self, _name: str) -> float | None:
        """Nobody asks a shared backend for that."""
        return None

    def last(self, name: str) -> Update | None:
        """The last update, if somebody has looked since; None otherwise."""
        known = self._known.get(name)
        is_new = known is not None and known[0] == self._updated(name)
        return known[1].updates[0] if known and is_new and known[1].updates else None

    def history(self, name: str) -> History:
        """The last updates, and where the time of the very last went; nothing while it cannot be asked."""
        with self._lock:
            updated, known = self._updated(name), self._known.get(name)
            if known and known[0] == updated:
                return known[1]
            try:
                found = self._read(name)
            except (CommandError, GalleyError, ValueError, KeyError):
                return known[1] if known else History()
            self._known[name] = (updated, found)
            return found

    def _read(self, name: str) -> History:
        asked = ("stack", "history", "--json", "--page-size", str(SHOWN), "--stack", name)
        updates = tuple(map(_update, json.loads(self._ask(*asked))))
        if not updates:
            return History()
        exported = json.loads(self._ask("stack", "export", "--stack", name))
        resources = (exported.get("deployment") or {}).get("resources") or []
        return History(updates, steps(resources, updates[0]))


def _pulumi(*words: str) -> str:
    from galley_iac.automation.workspace import Workspace

    return Workspace().run(*words)


def _update(entry: Mapping[str, Any]) -> Update:
    changed = {kind: int(n) for kind, n in (entry.get("resourceChanges") or {}).items() if kind != "same"}
    return Update(
        str(entry["kind"]),
        seconds(entry["startTime"]),
        seconds(entry["endTime"]),
        str(entry["result"]),
        changed,
        str(entry.get("message") or ""),
    )
