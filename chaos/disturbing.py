"""Runs one command, looks where it is, and strikes at the moment that was chosen."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chaos import family
from chaos.moments import Fault, Phase, Verb
from chaos.progress import Progress

BOUND = 300.0
"""Seconds that any one command may take, disturbed or not."""

_PERIOD = 0.02


@dataclass(frozen=True)
class Command:
    """What is run, where, and with which environment."""

    verb: Verb
    words: Sequence[str]
    folder: Path
    environment: Mapping[str, str]


@dataclass
class Seen:
    """How a command went: ``struck`` is the phase in which the signal arrived, None when it came too late."""

    code: int | None = None
    lines: list[str] = field(default_factory=list)
    lengths: dict[Phase, float] = field(default_factory=dict)
    struck: Phase | None = None

    @property
    def text(self) -> str:
        """Its last lines."""
        return "\n".join(self.lines[-30:])


def rehearse(command: Command) -> Seen:
    """Undisturbed: how long each phase takes, in seconds."""
    return _run(command, None, {})


def strike(command: Command, fault: Fault, lengths: Mapping[Phase, float]) -> Seen:
    """With the fault in it. A command that does not end within :data:`BOUND` has None for its exit code."""
    return _run(command, fault, lengths)


def _run(command: Command, fault: Fault | None, lengths: Mapping[Phase, float]) -> Seen:
    child = subprocess.Popen(
        command.words,
        cwd=command.folder,
        env=dict(command.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    seen, progress = Seen(), Progress(command.verb)
    reader = threading.Thread(target=_read, args=(child.stdout or (), progress, seen.lines), daemon=True)
    reader.start()
    try:
        _watch(child, progress, seen, _Aim(fault, lengths))
    finally:
        if child.poll() is None:
            family.send(list(family.family(child.pid)), "KILL")
            child.wait()
    # What it has left running may hold the other end of the pipe: its lines are no longer this command's.
    reader.join(1)
    return seen


def _watch(child: subprocess.Popen[str], progress: Progress, seen: Seen, aim: _Aim) -> None:
    begun = last = time.monotonic()
    while child.poll() is None and last - begun < BOUND:
        progress.pulumi(runs=family.engine(child.pid) is not None)
        now, phase = time.monotonic(), progress.phase
        seen.lengths[phase] = seen.lengths.get(phase, 0.0) + now - last
        last = now
        if seen.struck is None and aim.due(phase, now) and aim.shoot(child.pid):
            seen.struck = phase
        time.sleep(_PERIOD)
    seen.code = child.poll()


class _Aim:
    """Waits for the moment."""

    def __init__(self, fault: Fault | None, lengths: Mapping[Phase, float]) -> None:
        self._fault, self._lengths = fault, lengths
        self._since: float | None = None

    def due(self, phase: Phase, now: float) -> bool:
        """Whether the phase has begun and its share of time has gone by; what follows it is then hit."""
        if self._fault is None:
            return False
        wanted = self._fault.phase
        if self._since is None and phase is wanted:
            self._since = now
        delay = self._fault.share * self._lengths.get(wanted, 0.0)
        return self._since is not None and now - self._since >= delay

    def shoot(self, pid: int) -> bool:
        """False when the victim is not there (yet)."""
        assert self._fault is not None
        found = family.victims(pid, self._fault.victim)
        family.send(found, self._fault.signal)
        return bool(found)


def _read(stream: Iterable[str], progress: Progress, lines: list[str]) -> None:
    for text in stream:
        lines.append(text.rstrip("\n"))
        progress.line(lines[-1])
