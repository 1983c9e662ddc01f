"""Runs one command of a contender, with the time of its start, of each line and of its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BOUND = 900.0
"""Seconds that any one command may take."""

_GRACE = 60.0
"""Seconds for a command that was told to end to put its own things in order."""

_SHOWN = 30


class CommandError(Exception):
    """A command that had to succeed did not; the text holds its last lines."""


@dataclass(frozen=True)
class Ran:
    """``lines`` are what it printed, each with the seconds since its start."""

    seconds: float
    lines: tuple[tuple[float, str], ...]


def run(command: Sequence[str | Path], at: Path, environment: Mapping[str, str], bound: float = BOUND) -> Ran:
    """Runs the command to its end, which it reaches within ``bound`` seconds.

    It is a session of its own, so that a terminal's Ctrl-C reaches only us: it is then told to end, once, and
    waited for. Raises CommandError.
    """
    words = [str(word) for word in command]
    begun = time.monotonic()
    child = subprocess.Popen(
        words,
        cwd=at,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    late = threading.Event()
    watch = threading.Timer(bound, _stop, (child, late))
    watch.daemon = True
    watch.start()
    try:
        lines = tuple((time.monotonic() - begun, line.rstrip("\n")) for line in child.stdout or ())
        code = child.wait()
    finally:
        watch.cancel()
        _end(child)
    if code or late.is_set():
        raise CommandError(_failure(words, f"{bound:g} s were over" if late.is_set() else f"{code}", lines))
    return Ran(time.monotonic() - begun, lines)


def _stop(child: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    _tell(child, signal.SIGTERM)


def _end(child: subprocess.Popen[str]) -> None:
    """Nothing is left of a command that was interrupted."""
    if child.poll() is not None:
        return
    _tell(child, signal.SIGTERM)
    try:
        child.wait(_GRACE)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _tell(child: subprocess.Popen[str], number: signal.Signals) -> None:
    """Only the command itself: what it has started is its own to end."""
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(number)


def _failure(words: list[str], how: str, lines: Sequence[tuple[float, str]]) -> str:
    shown = "\n".join(f"  {line}" for _, line in lines[-_SHOWN:])
    return f"`{' '.join(words)}` failed: {how}\n{shown}"
