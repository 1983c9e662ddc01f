"""Where the time of an update went, by the lines of galley's own progress: ``SERVICE: PHASE``."""

from __future__ import annotations

from collections.abc import Mapping

from bench.running import Ran
from galley_iac.automation.progress import Phase

BEFORE = "before the first service"
"""Checks, the plan, the hash of the contexts, and that Pulumi starts."""

ENGINE = "between services"
AFTER = "after the last service"
_WORKING = (Phase.BUILDING, Phase.PULLING, Phase.STARTING, Phase.RUNNING_JOB, Phase.CHECKING, Phase.STOPPING)
"""From what holds everything up to what only its own service waits for: of two at once the first counts."""

NAMES = (BEFORE, *(str(phase) for phase in _WORKING), ENGINE, AFTER)
_KNOWN = {str(phase): phase for phase in Phase}


def split(ran: Ran) -> dict[str, float]:
    """Seconds per phase, which add up to the whole; each moment belongs to one phase only.

    All of it is before the first service where no line names a phase.
    """
    found = [(moment, *step) for moment, line in ran.lines if (step := _step(line))]
    result = dict.fromkeys(NAMES, 0.0)
    now: dict[str, Phase] = {}
    last, current = 0.0, BEFORE
    for moment, service, phase in found:
        result[current] += moment - last
        now[service] = phase
        last, current = moment, _current(now)
    result[AFTER if found else BEFORE] += ran.seconds - last
    return {name: seconds for name, seconds in result.items() if seconds > 0}


def bar(phases: Mapping[str, float], width: int) -> str:
    """One letter per phase, as wide as its share; the letters are explained by :func:`legend`."""
    whole = sum(phases.values())
    if not whole:
        return ""
    drawn, gone = "", 0.0
    for name in NAMES:
        gone += phases.get(name, 0.0)
        drawn += LETTERS[name] * (round(gone / whole * width) - len(drawn))
    return drawn


LETTERS = dict(zip(NAMES, "-BPSJHXpa", strict=True))


def legend() -> str:
    """What the letters of a bar stand for."""
    return ", ".join(f"{letter} {name}" for name, letter in LETTERS.items())


def _step(line: str) -> tuple[str, Phase] | None:
    service, colon, rest = line.partition(": ")
    phase = _KNOWN.get(rest.partition(" (")[0])
    return (service, phase) if colon and phase and " " not in service else None


def _current(now: Mapping[str, Phase]) -> str:
    for phase in _WORKING:
        if phase in now.values():
            return str(phase)
    return ENGINE
