"""How long previews may stay and how many of them a host may hold, as a project sets it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from galley_iac import duration
from galley_iac.plan.model import MIB


class FullHost(StrEnum):
    """What happens to a preview for which there is no room."""

    REFUSE = "refuse"
    QUEUE = "queue"
    SLEEP = "sleep"


@dataclass(frozen=True)
class Policy:
    """How far previews' limits may exceed what the host has. Sizes are bytes, times are seconds.

    A limit is what a service may use at most, not what it does: those of ``examples/python`` come to 5.1 GiB,
    of which it uses 0.2. Hence the factors: memory that is short ends processes, CPU time that is short only
    slows them down, so of that much more may be promised.
    """

    full: FullHost = FullHost.REFUSE
    memory_overcommit: float = 2.0
    cpu_overcommit: float = 32.0
    disk_reserve: int = 2048 * MIB
    """Free space that has to be left where the engine keeps its data, for images and for what is written."""
    max_previews: int = 0
    """Previews of one project that may be awake at a time; 0 for any number."""
    queue_timeout: float = 10 * duration.MINUTE


def read_full(text: str) -> FullHost | None:
    """One of the three words."""
    return FullHost(text) if text in tuple(FullHost) else None


def read_count(text: str) -> int | None:
    """A whole number, 0 among them."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else None
