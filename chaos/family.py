"""The processes that a command has started, as far as they are still its own."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from chaos.moments import Victim

_CHANGING = ("up", "destroy")
"""Pulumi's commands that change something; others only ask."""


def family(pid: int) -> Iterator[int]:
    """The process and all that descend from it, elders first."""
    yield pid
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


def engine(pid: int) -> int | None:
    """Pulumi's process below ``pid`` that changes something; None when there is none."""
    return next((one for one in family(pid) if _is_engine(_words(one))), None)


def victims(pid: int, victim: Victim) -> list[int]:
    """Whom a signal goes to; empty when there is no such process now."""
    if victim is Victim.COMMAND:
        return [pid]
    if victim is Victim.ALL:
        return list(family(pid))
    if victim is Victim.ENGINE:
        found = engine(pid)
        return [found] if found else []
    return [one for one in family(pid) if _program(_words(one)) == str(Victim.PLUGIN)]


def send(pids: list[int], name: str) -> None:
    """SIGTERM or SIGKILL, by its name without SIG; who has ended by himself needs none."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.Signals[f"SIG{name}"])


def bearing(mark: str) -> dict[int, str]:
    """Every process with this variable (``NAME=VALUE``) in its environment, and its command line."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = " ".join(_words(int(folder.name)))
    return found


def _is_engine(words: list[str]) -> bool:
    return _program(words) == str(Victim.ENGINE) and any(word in words for word in _CHANGING)


def _program(words: list[str]) -> str:
    return Path(words[0]).name if words else ""


def _words(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")[:-1]
    except OSError:
        return []
