"""Amounts of CPU and memory in the one form in which the cluster gives them back."""

from __future__ import annotations

from galley_iac.plan.model import MIB, Limits

_MILLI = 1000
_REQUESTED_MILLI_CPUS, _REQUESTED_MEMORY = 10, 32 * MIB
"""What is set aside for a container. A preview idles nearly always: its limits are what it may use, as on
Docker, and if they were set aside, a node would hold a few previews only.
"""

_UNITS = (("Gi", 1024 * MIB), ("Mi", MIB), ("Ki", 1024))


def cpus(number: float) -> str:
    """``500m`` or ``2``."""
    milli = max(round(number * _MILLI), 1)
    return f"{milli}m" if milli % _MILLI else str(milli // _MILLI)


def memory(size: int) -> str:
    """Bytes with the largest unit that divides them: ``1Gi``, ``1536Mi``."""
    return next((f"{size // factor}{unit}" for unit, factor in _UNITS if size % factor == 0), str(size))


def limits(size: Limits) -> dict[str, str]:
    """What a container may use."""
    return {"cpu": cpus(size.cpus), "memory": memory(size.memory)}


def requests(size: Limits) -> dict[str, str]:
    """What is set aside for it."""
    milli = min(_REQUESTED_MILLI_CPUS / _MILLI, size.cpus)
    return {"cpu": cpus(milli), "memory": memory(min(_REQUESTED_MEMORY, size.memory))}
