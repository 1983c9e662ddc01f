"""Other Docker daemons on this machine.

A daemon that starts deletes every rule in the firewall chains that Docker uses: beside another one in the
same network namespace it would cut that one's published ports. So ours is never started there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def find(own: int | None, proc: Path = Path("/proc")) -> int | None:
    """The process of another dockerd in our network namespace; None when there is none. ``own`` is ours."""
    here = _namespace(proc / "self")
    for process in _daemons(proc):
        if int(process.name) != own and _namespace(process) == here:
            return int(process.name)
    return None


def _daemons(proc: Path) -> Iterator[Path]:
    for process in sorted(proc.glob("[0-9]*")):
        try:
            name = (process / "comm").read_text().strip()
        except OSError:
            continue
        if name == "dockerd":
            yield process


def _namespace(process: Path) -> str | None:
    """Which network namespace the process is in; None where it has ended meanwhile."""
    try:
        return str((process / "ns" / "net").readlink())
    except OSError:
        return None
