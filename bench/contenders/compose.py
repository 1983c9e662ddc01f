"""Docker Compose, by its command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bench.contenders.base import Place
from bench.running import Ran, run
from galley_iac.toolchain import pins


class Compose:
    """``docker compose up --wait`` and ``down``; a branch is a project of its own."""

    name = "compose"
    sleeps = True

    def __init__(self, program: Path) -> None:
        self._program = program

    def up(self, place: Place, branch: str, *, build: bool = False) -> Ran:
        """A job is not named: compose takes its end for a failure to stay up, and starts it as what others
        wait for.
        """
        staying = [service.name for service in place.application.services if not service.job]
        options = ["--detach", "--wait", *(["--build"] if build else [])]
        return self._run(place, branch, "up", *options, *staying)

    def down(self, place: Place, branch: str) -> Ran:
        """With the volumes, since a preview's data goes with it."""
        return self._run(place, branch, "down", "--volumes", "--remove-orphans")

    def sleep(self, place: Place, branch: str) -> Ran:
        """``docker compose stop``."""
        return self._run(place, branch, "stop")

    def wake(self, place: Place, branch: str) -> Ran:
        """``up --wait`` of what is stopped: ``start`` waits for nobody's health."""
        return self.up(place, branch)

    def phases(self, ran: Ran) -> Mapping[str, float]:  # noqa: ARG002
        """It is not taken apart."""
        return {}

    def version(self) -> str:
        """The pinned one."""
        return f"docker compose {pins.COMPOSE.version}"

    def _run(self, place: Place, branch: str, verb: str, *words: str) -> Ran:
        # Its own builder rather than buildx, which is a program that a machine may lack.
        environment = place.environment(COMPOSE_BAKE="false", COMPOSE_ANSI="never", COMPOSE_PROGRESS="plain")
        which = ["--project-name", f"{place.project}-{branch}", "--file", str(place.folder / "compose.yaml")]
        return run([self._program, *which, verb, *words], place.folder, environment)
