"""What is noticed by looking at the backend: who is updating a preview, and what its stack's record says
now.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from pulumi.automation.errors import CommandError

from galley_iac.automation import backend
from galley_iac.automation.configuration import config_file, is_preview
from galley_iac.automation.records import Record, record, records
from galley_iac.dashboard.live.activity import activities
from galley_iac.dashboard.model import Activity
from galley_iac.errors import GalleyError

_PERIOD = 0.5
_SHARED_PERIOD = 60.0
"""Seconds between two looks at a shared backend, each of which starts a process for every preview."""

Stamps = dict[str, tuple[int, ...]]


class Polling:
    """``activities`` and ``records`` are as they were found last; ``changed`` is told of each preview that
    differs.
    """

    def __init__(self, local: Path | None, changed: Callable[[str], None]) -> None:
        self._local, self._changed = local, changed
        self.activities: dict[str, Activity] = {}
        self.records: dict[str, Record] = {}
        self._stamps: Stamps = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Looks once, then goes on by itself."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self._stopped.set()

    def look(self) -> None:
        """Looks once, and reads again only what has changed."""
        if self._local is None:
            self._look_elsewhere()
            return
        now, stamps = activities(self._local), _stamps(self._local)
        moved = {
            name for name in stamps.keys() | self._stamps.keys() if stamps.get(name) != self._stamps.get(name)
        }
        for name in moved:
            self._read(name)
        changed = moved | (now.keys() ^ self.activities.keys())
        self.activities, self._stamps = now, stamps
        for name in sorted(changed):
            self._changed(name)

    def _read(self, name: str) -> None:
        found = None
        with contextlib.suppress(OSError, ValueError):
            found = record(name)
        if found:
            self.records[name] = found
        else:
            self.records.pop(name, None)

    def _look_elsewhere(self) -> None:
        """A backend that cannot be reached just now leaves what was known."""
        with contextlib.suppress(CommandError, GalleyError):
            found = {one.name: one for one in records()}
            moved = [
                name
                for name in found.keys() | self.records.keys()
                if found.get(name) != self.records.get(name)
            ]
            self.records = found
            for name in sorted(moved):
                self._changed(name)

    def _run(self) -> None:
        while not self._stopped.wait(_PERIOD if self._local else _SHARED_PERIOD):
            self.look()


def _stamps(local: Path) -> Stamps:
    """By preview: when its state, its tags and its configuration were written last."""
    return {
        name: tuple(map(_modified, _files(local, name))) for name in backend.stacks(local) if is_preview(name)
    }


def _files(local: Path, name: str) -> tuple[Path, ...]:
    return (backend.state_file(local, name), backend.tags_file(local, name), config_file(name).path)


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
