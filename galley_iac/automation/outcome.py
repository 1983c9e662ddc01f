"""How a command on a preview ended, on Docker as on a cluster, and whom it tells meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from galley_iac.automation.progress import Progress
from galley_iac.engine.status import PreviewStatus
from galley_iac.life.room import Size

OnProgress = Callable[[Progress, set[str]], None]
"""Told of an update's rows, and which of them have changed."""

OnRemoved = Callable[[str], None]
"""Told of a service that is gone."""

OnQueued = Callable[[str], None]
"""Told why a preview waits for room when that begins, and of nothing when it has ended."""


@dataclass(frozen=True)
class Updated:
    """How an update ended: the preview as it is now, and how many steps changed anything."""

    status: PreviewStatus
    changes: int
    progress: Progress
    notes: tuple[str, ...] = ()
    """What was done to make room for it."""


@dataclass(frozen=True)
class Removed:
    """What there was of the preview; nothing of it is left. On a cluster its namespace is its network."""

    containers: int
    networks: int
    volumes: int

    def __bool__(self) -> bool:
        return bool(self.containers or self.networks or self.volumes)

    def __str__(self) -> str:
        return f"{self.containers} containers, {self.networks} networks, {self.volumes} volumes"


@dataclass(frozen=True)
class Slept:
    """What was put to sleep: the services that ran, none where it slept already, and what they might use."""

    preview: str
    services: tuple[str, ...]
    freed: Size
