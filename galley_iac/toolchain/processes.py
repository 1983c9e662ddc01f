"""Processes that outlive the command which has started them, found again by their pid files."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path


def running(pid_file: Path, argument: str) -> int | None:
    """The process that the file names, if it was started with this argument: numbers are used again."""
    with contextlib.suppress(OSError, ValueError):
        pid = int(pid_file.read_text())
        if argument.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    return None


def alive(pid: int) -> bool:
    """A process that has ended and that nobody has waited for counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True
