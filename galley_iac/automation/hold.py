"""Who is working on a preview, where runners share a backend: also with another home, or on another host.

A home's lock file says nothing to another home, and Pulumi's lock is there only while Pulumi runs, whereas a
command also compares and repairs before it. What all runners of a preview share is its engine. So the
preview is held there, by an empty volume: making one is atomic, takes 10 ms and no image, and its labels say
whose it is. It stays when its owner is killed. What a dead process of this host left is taken over; any other
owner is waited for, at most GALLEY_LOCK_TIMEOUT, then reported with its age, and never robbed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import docker

from galley_iac import duration, timing
from galley_iac.automation import locks
from galley_iac.automation.backend import local_state
from galley_iac.errors import PreviewError, UsageError

LABEL = "galley.hold"
"""Of the volume; its value is the preview. It is no object of the preview's, and has none of their labels."""

TIMEOUT = "GALLEY_LOCK_TIMEOUT"
_LONGEST_WAIT = 30 * duration.MINUTE
_PAUSE = 1.0


@dataclass(frozen=True)
class Holder:
    """The process that holds a preview. ``place`` is what tells its process ids from others' of the same
    number: the host's start and the namespace of processes. ``token`` is new for each command.
    """

    host: str
    place: str
    process: int
    started: str
    since: str
    token: str

    @property
    def is_dead(self) -> bool:
        """Whether it was a process of this host that has ended; of another host nobody can say."""
        here = (self.host, self.place) == (socket.gethostname(), _place())
        if not here:
            return False
        return not locks.is_alive(self.process) or locks.started(self.process) != self.started

    @property
    def begun(self) -> float:
        """Since when, in seconds since the epoch; 0 where that cannot be read."""
        with contextlib.suppress(ValueError):
            return timing.seconds(self.since)
        return 0.0

    def labels(self, preview: str) -> dict[str, str]:
        """As the volume carries it."""
        return {LABEL: preview, **{f"{LABEL}.{name}": str(value) for name, value in asdict(self).items()}}


def volume(preview: str) -> str:
    """The name of the volume that holds a preview."""
    return f"galley-hold-{preview}"


@contextlib.contextmanager
def exclusive(client: docker.DockerClient, preview: str, *, wait: bool = True) -> Iterator[None]:
    """As :func:`locks.exclusive`, which it does first; with a shared backend among all who use this engine.

    Raises InUseError without ``wait``, PreviewError with the owner and its age when the wait was too long.
    """
    with locks.exclusive(preview, wait=wait):
        if local_state() is not None:
            yield
            return
        mine = _this_process()
        try:
            _acquire(client, preview, mine, longest_wait() if wait else None)
            yield
        finally:
            _release(client, preview, mine)


def longest_wait() -> float:
    """How long to wait for another runner, in seconds: GALLEY_LOCK_TIMEOUT, else half an hour."""
    written = os.environ.get(TIMEOUT, "")
    if not written:
        return _LONGEST_WAIT
    seconds = duration.parse(written)
    if seconds is None:
        raise UsageError(f"{TIMEOUT}={written} is not a duration", "write it as 30s, 10m or 1h")
    return seconds


def holder(client: docker.DockerClient, preview: str) -> Holder | None:
    """Who holds the preview; None when nobody does."""
    try:
        found = client.api.inspect_volume(volume(preview))
    except docker.errors.NotFound:
        return None
    return _from_labels(found.get("Labels") or {})


def held(client: docker.DockerClient) -> dict[str, Holder]:
    """Every preview that is held on this engine, with who holds it."""
    volumes = client.api.volumes(filters={"label": LABEL}).get("Volumes") or ()
    return {one["Labels"][LABEL]: _from_labels(one["Labels"]) for one in volumes}


def release_dead(client: docker.DockerClient, preview: str) -> bool:
    """Releases what a dead process of this host holds; returns whether that was so."""
    found = holder(client, preview)
    return found is not None and _take_over(client, preview, found)


def _acquire(client: docker.DockerClient, preview: str, mine: Holder, longest: float | None) -> None:
    """``longest`` is the bound in seconds; None does not wait at all."""
    end, told = time.monotonic() + (longest or 0), False
    while (found := _claim(client, preview, mine)) != mine:
        if found is None or _take_over(client, preview, found):
            continue
        if longest is None:
            raise locks.InUseError(preview)
        if time.monotonic() > end:
            raise _held(preview, found)
        if not told:
            print(f"{words(preview, found)}; waiting for it to end ...", file=sys.stderr)
            told = True
        time.sleep(_PAUSE)


def _claim(client: docker.DockerClient, preview: str, mine: Holder) -> Holder | None:
    """Makes the volume where there is none, and says whose it is. An engine answers a second creation of the
    same name with the volume that is there.
    """
    client.api.create_volume(volume(preview), labels=mine.labels(preview))
    return holder(client, preview)


def _take_over(client: docker.DockerClient, preview: str, found: Holder) -> bool:
    """Removes what a dead process left; of two that see it, the second must not remove the first's."""
    if not found.is_dead:
        return False
    with _host_lock():
        if holder(client, preview) == found:
            client.api.remove_volume(volume(preview))
    return True


def _release(client: docker.DockerClient, preview: str, mine: Holder) -> None:
    if holder(client, preview) == mine:
        with contextlib.suppress(docker.errors.NotFound):
            client.api.remove_volume(volume(preview))


@contextlib.contextmanager
def _host_lock() -> Iterator[None]:
    """One process of this host at a time, whatever its home: the root folder is the one file they all see."""
    descriptor = os.open("/", os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _this_process() -> Holder:
    return Holder(
        host=socket.gethostname(),
        place=_place(),
        process=os.getpid(),
        started=locks.started(os.getpid()),
        since=timing.stamp(time.time()),
        token=secrets.token_hex(8),
    )


def _place() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    return f"{boot} {Path('/proc/self/ns/pid').readlink()}"


def _from_labels(labels: Mapping[str, str]) -> Holder:
    """A label that is missing leaves its place empty: such a holder is never dead, so never taken over."""
    texts = {
        name: labels.get(f"{LABEL}.{name}", "") for name in ("host", "place", "started", "since", "token")
    }
    process = labels.get(f"{LABEL}.process", "")
    return Holder(process=int(process) if process.isdigit() else 0, **texts)


def words(preview: str, found: Holder) -> str:
    """Who holds the preview, and since when."""
    return f"{preview} is being worked on by process {found.process} on {found.host} since {found.since}"


def _held(preview: str, found: Holder) -> PreviewError:
    return PreviewError(
        f"{words(preview, found)}{locks.age(found.since)}",
        f"wait for it to end; if it is dead, `docker volume rm {volume(preview)}` releases the preview",
    )
