"""When a service ended and should not have, and the log it left: kept when its container is replaced.

The engine forgets a container's log with the container, and its exit code with the restart. So both are taken
when the engine tells of the end. What a person or an update has stopped is no crash: the engine tells of the
signal before it tells of the end.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from galley_iac import home
from galley_iac.dashboard.model import Crash, Line
from galley_iac.engine import labels
from galley_iac.manifest import names
from galley_iac.plan.identity import is_name

_KEPT = 5
"""Containers of one service whose last log is kept; the oldest goes first."""

_SERVICES = (labels.ROLE_SERVICE, labels.ROLE_JOB)
_ENDING_SIGNALS = frozenset({"2", "3", "9", "15"})
_STOP_TAKES = 30.0
_ID_LENGTH = 12
_OOM = "out of memory"


@dataclass(frozen=True)
class End:
    """A service's container that ended by itself with an exit code other than 0."""

    preview: str
    service: str
    crash: Crash


class Ends:
    """Tells ends that were not meant from those that were. Fed with the engine's events in their order."""

    def __init__(self, crashed: Callable[[End], None]) -> None:
        self._crashed = crashed
        self._stopped: dict[str, float] = {}
        self._starved: set[str] = set()

    def feed(self, event: Mapping[str, Any]) -> str:
        """Takes one event in; returns the preview that it is about, empty where nothing changes by it."""
        about, action = event["Actor"]["Attributes"], event["Action"]
        container, when = event["Actor"]["ID"], event["timeNano"] / 1e9
        if action.startswith(("exec_", "top", "attach", "resize", "archive-path", "extract-to-dir")):
            return ""
        if action == "kill" and about.get("signal") in _ENDING_SIGNALS:
            self._stopped[container] = when
        elif action == "oom":
            self._starved.add(container)
        elif action == "die":
            self._died(about, container, when)
        elif action == "destroy":
            self._stopped.pop(container, None)
        return str(about[labels.PREVIEW])

    def _died(self, about: Mapping[str, str], container: str, when: float) -> None:
        code, starved = int(about.get("exitCode") or 0), container in self._starved
        self._starved.discard(container)
        meant = when - self._stopped.get(container, float("-inf")) < _STOP_TAKES
        if code and not meant and about.get(labels.ROLE) in _SERVICES and _is_named(about):
            reason = f"exited with code {code}" + (f" ({_OOM})" if starved else "")
            crash = Crash(when, code, reason, container)
            self._crashed(End(about[labels.PREVIEW], about[labels.SERVICE], crash))


def _is_named(about: Mapping[str, str]) -> bool:
    return is_named(about[labels.PREVIEW], about.get(labels.SERVICE, ""))


def is_named(preview: str, service: str) -> bool:
    """The names become files, and anybody can write any label on a container."""
    return names.SERVICE.fullmatch(service) is not None and is_name(preview)


class Crashes:
    """What is known of crashes: in memory, and in files under GALLEY_HOME so that it outlives the dashboard.

    A file holds the crash as JSON in its first line, then the log as it was, with secrets masked.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or home.home() / "crashes"
        self._lock = threading.Lock()
        self._last = {(end.preview, end.service): end.crash for end in self._on_disk()}

    def last(self, preview: str) -> dict[str, Crash]:
        """Service → its last crash, of those of which one is known."""
        return {service: crash for (name, service), crash in list(self._last.items()) if name == preview}

    def tell(self, end: End) -> None:
        """Makes a crash known at once; its log comes later, with :meth:`keep`."""
        self._last[end.preview, end.service] = end.crash

    def keep(self, end: End, lines: Iterable[Line]) -> None:
        """Keeps a crash and the log of its container; a container that crashes again has one file."""
        with self._lock:
            self._last[end.preview, end.service] = end.crash
            path = self._path(end)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            text = "".join(f"{line.stamp} {line.text}\n" for line in lines)
            draft = path.with_suffix(".draft")
            draft.write_text(f"{json.dumps(asdict(end))}\n{text}", encoding="utf-8")
            draft.replace(path)
            for old in self._files(end.preview, end.service)[:-_KEPT]:
                old.unlink(missing_ok=True)

    def forget(self, preview: str) -> None:
        """Removes what is kept of a preview that is gone."""
        with self._lock:
            for key in [key for key in self._last if key[0] == preview]:
                del self._last[key]
            if is_name(preview):
                shutil.rmtree(self._folder / preview, ignore_errors=True)

    def lines(self, preview: str, service: str, present: Sequence[str]) -> list[Line]:
        """The kept logs of a service's containers, but of those that are ``present``: they have their own."""
        found = []
        for path in self._files(preview, service):
            if not any(identifier.startswith(path.stem.rpartition(".")[2]) for identifier in present):
                found += _read(path, service)
        return found

    def _path(self, end: End) -> Path:
        return self._folder / end.preview / f"{end.service}.{end.crash.container[:_ID_LENGTH]}.log"

    def _files(self, preview: str, service: str) -> list[Path]:
        found = (self._folder / preview).glob(f"{service}.*.log")
        return sorted(found, key=lambda path: path.stat().st_mtime)

    def _on_disk(self) -> list[End]:
        found = []
        for path in self._folder.glob("*/*.log"):
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError), path.open() as file:
                entry = json.loads(file.readline())
                found.append(End(entry["preview"], entry["service"], _crash(entry["crash"])))
        return sorted(found, key=lambda end: end.crash.when)


def _read(path: Path, service: str) -> list[Line]:
    with contextlib.suppress(OSError, ValueError, KeyError):
        head, _, text = path.read_text(encoding="utf-8").partition("\n")
        crash = json.loads(head)["crash"]
        lines = [
            Line(stamp, service, rest) for stamp, _, rest in (one.partition(" ") for one in text.splitlines())
        ]
        return [*lines, marker(service, crash["when"], describe(_crash(crash)))]
    return []


def describe(crash: Crash) -> str:
    """A crash in words, for a log."""
    return f"container {crash.container[:_ID_LENGTH]} {crash.reason}"


def _crash(entry: Mapping[str, Any]) -> Crash:
    return Crash(**{**entry, "lines": tuple(entry["lines"])})


def marker(service: str, when: float, text: str) -> Line:
    """A line of ours in a log, at a moment of the engine's clock."""
    seconds, nanoseconds = divmod(round(when * 1e9), 10**9)
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return Line(f"{stamp}.{nanoseconds:09d}Z", service, text, event=True)
