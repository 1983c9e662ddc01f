"""Galley, by its command."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from bench.contenders.base import Place
from bench.phases import split
from bench.running import Ran, run
from galley_iac import __version__
from galley_iac.toolchain import paths
from galley_iac.toolchain.locate import Tools


class Galley:
    """``galley up``, ``down``, ``sleep`` and ``wake``, with a home of the benchmark's own."""

    name = "galley"
    sleeps = True

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._program = Path(sys.executable).parent / "galley"

    def up(self, place: Place, branch: str, *, build: bool = False) -> Ran:  # noqa: ARG002
        """It finds out by itself whether there is something to build."""
        return self._run("up", place, branch)

    def down(self, place: Place, branch: str) -> Ran:
        """``galley down``."""
        return self._run("down", place, branch)

    def sleep(self, place: Place, branch: str) -> Ran:
        """``galley sleep``."""
        return self._run("sleep", place, branch)

    def wake(self, place: Place, branch: str) -> Ran:
        """``galley wake``."""
        return self._run("wake", place, branch)

    def phases(self, ran: Ran) -> Mapping[str, float]:
        """From the lines of its progress."""
        return split(ran)

    def version(self) -> str:
        """Galley's and Pulumi's."""
        return f"galley {__version__}, Pulumi {self._tools.version}"

    def home(self, place: Place) -> Path:
        """Where its state is."""
        return place.home / "galley"

    def command(self, verb: str, place: Place, branch: str) -> tuple[list[str], Path, dict[str, str]]:
        """The words of a command, the folder to run it in, and its environment."""
        words = ["--branch", branch, "--project", place.project, "--file", str(place.folder / "galley.yaml")]
        environment = place.environment(
            GALLEY_HOME=str(self.home(place)),
            GALLEY_TOOLS=str(paths.layout().root),
            GALLEY_PULUMI=str(self._tools.pulumi),
            PULUMI_HOME=str(self._tools.pulumi_home),
        )
        return [str(self._program), verb, *words], place.folder, environment

    def _run(self, verb: str, place: Place, branch: str) -> Ran:
        return run(*self.command(verb, place, branch))
