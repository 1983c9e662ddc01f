"""A bare Pulumi program with the resources that galley declares: what is left of the time without galley.

It is handed galley's plan as a file, so nothing of ours runs while it is measured; the plan is made before
the clock starts, the hash of the build contexts in it too.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.contenders.base import Place
from bench.running import Ran, run
from galley_iac import probe
from galley_iac.plan.checks import probe_arguments
from galley_iac.plan.model import HttpCheck, Plan, ProtocolCheck
from galley_iac.plan.render import as_data
from galley_iac.request import Request, prepare
from galley_iac.toolchain.locate import Tools

_PROGRAM = Path(__file__).parent.parent / "program"


class Bare:
    """``pulumi up`` and ``destroy`` of a stack per branch."""

    name = "pulumi"
    sleeps = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def up(self, place: Place, branch: str, *, build: bool = False) -> Ran:  # noqa: ARG002
        """The stack is made with the first; only the update is measured."""
        folder = self._workspace(place)
        (folder / f"{branch}.json").write_text(json.dumps(described(place, branch)), encoding="utf-8")
        self._run(place, branch, "stack", "select", "--create")
        return self._run(place, branch, "up", "--yes", "--skip-preview")

    def down(self, place: Place, branch: str) -> Ran:
        """The stack itself is removed after the clock has stopped."""
        ran = self._run(place, branch, "destroy", "--yes", "--skip-preview")
        self._run(place, branch, "stack", "rm", "--yes")
        return ran

    def sleep(self, place: Place, branch: str) -> Ran:
        """It has none."""
        raise NotImplementedError

    def wake(self, place: Place, branch: str) -> Ran:
        """It has none."""
        raise NotImplementedError

    def phases(self, ran: Ran) -> Mapping[str, float]:  # noqa: ARG002
        """It is not taken apart."""
        return {}

    def version(self) -> str:
        """Pulumi's."""
        return f"Pulumi {self._tools.version}"

    def _workspace(self, place: Place) -> Path:
        folder = place.home / "bare"
        (folder / "state").mkdir(parents=True, exist_ok=True)
        project = {"name": "bare", "runtime": "python", "main": str(_PROGRAM)}
        (folder / "Pulumi.yaml").write_text(json.dumps(project), encoding="utf-8")
        return folder

    def _run(self, place: Place, branch: str, *words: str) -> Ran:
        folder = place.home / "bare"
        environment = place.environment(
            PULUMI_HOME=str(self._tools.pulumi_home),
            PULUMI_BACKEND_URL=f"file://{folder / 'state'}",
            PULUMI_CONFIG_PASSPHRASE="bench",
            PULUMI_SKIP_UPDATE_CHECK="true",
            BENCH_PLAN=str(folder / f"{branch}.json"),
        )
        # The language host runs the first python3 on PATH.
        first = [str(Path(sys.executable).parent), str(self._tools.pulumi.parent)]
        environment["PATH"] = os.pathsep.join([*first, environment["PATH"]])
        command: list[str | Path] = [self._tools.pulumi, "--non-interactive", *words, "--stack", branch]
        return run(command, folder, environment)


def described(place: Place, branch: str) -> dict[str, Any]:
    """Galley's plan of the branch, with what the program needs besides: the checks' commands and files."""
    request = Request(place.folder / "galley.yaml", branch=branch, project=place.project)
    plan = prepare(request).plan
    return {
        **as_data(plan),
        "root": str(place.folder),
        "checks": _checks(plan),
        "probe": {"path": probe.PATH, "script": probe.script()},
    }


def _checks(plan: Plan) -> dict[str, list[str]]:
    asked = {
        container.service: (container.check, container.check.timeout)
        for container in plan.containers
        if isinstance(container.check, HttpCheck | ProtocolCheck)
    }
    return {name: probe_arguments(name, check, timeout) for name, (check, timeout) in asked.items()}
