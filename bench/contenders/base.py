"""What the rounds ask of a contender."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.application import Application
from bench.running import Ran

_STEERING = ("DOCKER_", "COMPOSE_", "BUILDKIT_", "GALLEY_", "PULUMI_", "PYTHON")
"""Python too: a machine that is set not to keep compiled modules would compile them all in every command."""


@dataclass(frozen=True)
class Place:
    """Where one contender does one round: ``project`` is nobody else's, ``folder`` holds the application."""

    application: Application
    project: str
    folder: Path
    home: Path
    docker_host: str

    def environment(self, **own: str) -> dict[str, str]:
        """The user's own without what steers Docker, Pulumi, Python or the command, and then ``own``."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_STEERING)}
        (self.home / "docker").mkdir(parents=True, exist_ok=True)
        config = {"DOCKER_HOST": self.docker_host, "DOCKER_CONFIG": str(self.home / "docker")}
        return {**kept, **config, "PYTHONUNBUFFERED": "1", **own}


class Contender(Protocol):
    """Every method runs one command to its end, and raises CommandError."""

    name: str
    sleeps: bool

    def up(self, place: Place, branch: str, *, build: bool = False) -> Ran:
        """Brings a branch's preview up and waits until it is healthy; ``build`` when sources changed."""

    def down(self, place: Place, branch: str) -> Ran:
        """Removes it."""

    def sleep(self, place: Place, branch: str) -> Ran:
        """Stops it and keeps it; asked only of who ``sleeps``."""

    def wake(self, place: Place, branch: str) -> Ran:
        """Starts it again and waits until it is healthy."""

    def phases(self, ran: Ran) -> Mapping[str, float]:
        """Where the time of an ``up`` went, in seconds; empty where that cannot be told."""

    def version(self) -> str:
        """What was measured."""
