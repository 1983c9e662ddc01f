"""Who is updating a preview: our own lock on this host, and Pulumi's in a local backend.

Pulumi's lock stays when its process is killed. It holds the owner's host and process id, so that of a dead
process of this host can be released; any other is reported with its owner and age.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from galley_iac import duration, home, timing
from galley_iac.errors import PreviewError

_ORPHAN_ENDS_WITHIN = 120.0
_PAUSE = 0.2
_CREATED_BY = re.compile(r"created by .*@(\S+) \(pid (\d+)\) at (\S+)")
_STARTED = 19
"""The start time's place among what ``/proc/ID/stat`` says after the name (proc(5): field 22)."""


@dataclass(frozen=True)
class Owner:
    """Who holds Pulumi's lock on a stack, and since when (as Pulumi wrote it)."""

    path: Path | None
    """The lock's file in a local backend; None in a shared one."""

    host: str
    process: int
    since: str

    @property
    def is_here(self) -> bool:
        """Whether it is, or was, a process of this host."""
        return self.host == socket.gethostname()

    @property
    def is_alive(self) -> bool:
        """Whether a process of that id runs on this host; one that only waits to be reaped does not."""
        return is_alive(self.process)


class InUseError(PreviewError):
    """Another command is working on the preview."""

    def __init__(self, preview: str) -> None:
        super().__init__(f"another command is working on {preview}", "wait for it to end")


class LockedError(PreviewError):
    """Pulumi's lock on the preview's stack has an owner who must not lose it."""

    def __init__(self, preview: str, owner: Owner) -> None:
        super().__init__(
            f"{preview} is being updated by process {owner.process} on {owner.host} "
            f"since {owner.since}{age(owner.since)}",
            "wait for it to end; if it is dead, `pulumi cancel` releases its lock",
        )


@contextlib.contextmanager
def exclusive(preview: str, *, wait: bool = True) -> Iterator[None]:
    """Holds the preview for this process; it ends with the process. While another of this host holds it, this
    waits, or without ``wait`` raises InUseError.
    """
    with home.lock(preview).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                raise InUseError(preview) from None
            print(f"another command is working on {preview}; waiting for it to end ...", file=sys.stderr)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def release_dead(state: Path, project: str, preview: str, end_checks: Callable[[], None]) -> bool:
    """Releases what a dead process of this host left locked; returns whether there was anything.

    To be called with :func:`exclusive` held: a living owner is then either plain ``pulumi`` or a child that a
    killed ``galley`` left behind. The child is asked to end and waited for; ``end_checks`` ends what would
    keep it waiting. Raises LockedError when the owner is another.
    """
    found = owners(state, project, preview)
    end_dead(preview, found, end_checks)
    for path in (owner.path for owner in found if owner.path):
        for one in (path, path.with_name(f"{path.name}.attrs")):
            one.unlink(missing_ok=True)
    return bool(found)


def end_dead(preview: str, found: Iterable[Owner], end_checks: Callable[[], None]) -> None:
    """Sees to it that no owner runs any more; their locks stay. Raises LockedError when one is another's."""
    for owner in found:
        if not owner.is_here:
            raise LockedError(preview, owner)
        if owner.is_alive:
            _end_orphan(preview, owner, end_checks)
        end_session(owner.process)


def owners(state: Path, project: str, preview: str) -> list[Owner]:
    """Everyone who holds a lock on the stack; a lock that cannot be read was never finished and counts for
    nothing.
    """
    found = []
    for path in sorted((state / ".pulumi" / "locks" / "organization" / project / preview).glob("*.json")):
        with contextlib.suppress(ValueError, KeyError, FileNotFoundError):
            entry = json.loads(path.read_text())
            found.append(Owner(path, entry["hostname"], int(entry["pid"]), entry["timestamp"]))
    return found


def named(message: str) -> list[Owner]:
    """The owners that Pulumi names when it refuses to work on a stack that is locked."""
    return [Owner(None, host, int(process), since) for host, process, since in _CREATED_BY.findall(message)]


def end_session(leader: int) -> None:
    """Ends what a dead update left running (its plugins go on creating): the processes of its own session."""
    for process in _session(leader):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _end_orphan(preview: str, owner: Owner, end_checks: Callable[[], None]) -> None:
    if not _is_orphan(owner.process):
        raise LockedError(preview, owner)
    print(
        f"an update that lost its command is still running (process {owner.process}); ending it ...",
        file=sys.stderr,
    )
    os.kill(owner.process, signal.SIGTERM)
    end = time.monotonic() + _ORPHAN_ENDS_WITHIN
    while owner.is_alive:
        if time.monotonic() > end:
            raise LockedError(preview, owner)
        end_checks()
        time.sleep(_PAUSE)


def _is_orphan(process: int) -> bool:
    """It leads a session of its own and its parent is gone: only our command starts Pulumi so."""
    fields = _stat(process)
    return bool(fields) and fields[1] in ("1", str(os.getpid())) and fields[3] == str(process)


def _session(leader: int) -> list[int]:
    numbers = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    return [n for n in numbers if n != leader and (fields := _stat(n)) and fields[3] == str(leader)]


def is_alive(process: int) -> bool:
    """Whether a process of that id runs on this host; one that only waits to be reaped does not."""
    return _stat(process)[:1] not in ([], ["Z"], ["X"])


def started(process: int) -> str:
    """When a process was started, in ticks since the host's own start: it tells two of the same id apart.
    Empty when it is gone.
    """
    fields = _stat(process)
    return fields[_STARTED] if fields else ""


def _stat(process: int) -> list[str]:
    """State, parent, group, session, ... of a process; empty when it is gone. The name before may hold
    anything.
    """
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def age(since: str) -> str:
    """How long ago that is, in words; nothing where it is no timestamp."""
    with contextlib.suppress(ValueError):
        return f" ({duration.text(time.time() - timing.seconds(since))} ago)"
    return ""
