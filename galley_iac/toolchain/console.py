"""What the set-up prints: one line per step, a sign of life during long ones, and how long each took."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_HEARTBEAT = 10.0
"""Seconds between two signs of life where lines cannot be overwritten (a log file, a pipe)."""
_WIDTH = 100
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
"""Colours and the like, which other programs print and a log cannot show."""


class Console:
    """Prints to ``out``; on a terminal the sign of life is one line that is overwritten."""

    def __init__(self, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out or sys.stdout
        self._clock = clock
        self._terminal = self._out.isatty()
        self._last_tick = 0.0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """A step with a title; its time is printed when it took more than a second."""
        self._print(f"==> {title}")
        started = self._last_tick = self._clock()
        yield
        seconds = self._clock() - started
        if seconds >= 1:
            self._print(f"    done in {duration(seconds)}")

    def note(self, text: str) -> None:
        """A line that stays."""
        self._print(f"    {text}")

    def tick(self, text: str) -> None:
        """A sign of life; may be called as often as there is something new."""
        now = self._clock()
        if now - self._last_tick < (0.2 if self._terminal else _HEARTBEAT):
            return
        self._last_tick = now
        text = _ESCAPES.sub("", text)[:_WIDTH]
        if self._terminal:
            self._out.write(f"\r\x1b[K    {text}")
            self._out.flush()
        else:
            self._print(f"    {text}")

    def _print(self, line: str) -> None:
        self._out.write(f"\r\x1b[K{line}\n" if self._terminal else f"{line}\n")
        self._out.flush()


def duration(seconds: float) -> str:
    """``42 s``, ``3 min 07 s``."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"
