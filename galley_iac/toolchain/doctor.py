"""What is on this machine, what is missing, and the remedy for each: looks only, changes nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from galley_iac.errors import MachineError
from galley_iac.toolchain import images, paths, pins, plugins
from galley_iac.toolchain.engine import Engine, find
from galley_iac.toolchain.locate import Tools, locate

_SET_UP = "run galley setup"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for. ``needed`` is False for what only some commands need."""

    name: str
    ok: bool
    found: str
    remedy: str = ""
    needed: bool = True


@dataclass(frozen=True)
class Machine:
    """How to look at the machine; the defaults look at this one."""

    python: tuple[int, ...] = sys.version_info[:3]
    pulumi: Callable[[], Tools | None] = locate
    plugin: Callable[[pins.Plugin], str | None] = lambda plugin: plugins.find(plugin, paths.layout())
    engine: Callable[[], Engine | None] = find
    stand_ins: Callable[[Engine], list[str]] = images.stand_ins
    backend: str = field(default_factory=lambda: os.environ.get("PULUMI_BACKEND_URL", ""))

    def replace(self, **changes: Any) -> Machine:
        """A machine that differs in these."""
        return replace(self, **changes)


def examine(machine: Machine | None = None) -> list[Finding]:
    """Looks for everything; what is missing keeps nothing else from being looked for."""
    machine = machine or Machine()
    return [
        _python(machine.python),
        _pulumi(machine.pulumi),
        _plugin(machine, pins.DOCKER_PLUGIN, _SET_UP, needed=True),
        _plugin(machine, pins.KUBERNETES_PLUGIN, f"for Kubernetes: {_SET_UP} --kubernetes", needed=False),
        *_engine(machine),
        Finding(
            "State", True, _masked(machine.backend) or "local and encrypted, in GALLEY_HOME", needed=False
        ),
    ]


def healthy(findings: Sequence[Finding]) -> bool:
    """Whether everything that is needed is there."""
    return all(finding.ok for finding in findings if finding.needed)


def render(findings: Sequence[Finding]) -> str:
    """One line each, the remedy below what is missing."""
    width = max((len(finding.name) for finding in findings), default=0)
    lines = []
    for finding in findings:
        mark = "ok " if finding.ok else ("-- " if not finding.needed else "NO ")
        lines.append(f"{mark} {finding.name:<{width}}  {finding.found}")
        if not finding.ok and finding.remedy:
            lines.append(f"    {'':<{width}}  {finding.remedy}")
    return "\n".join(lines) + "\n"


def _python(version: tuple[int, ...]) -> Finding:
    wanted = _dotted(pins.MINIMUM_PYTHON)
    return Finding(
        "Python", version >= pins.MINIMUM_PYTHON, _dotted(version), f"install Python {wanted} or later"
    )


def _pulumi(look: Callable[[], Tools | None]) -> Finding:
    try:
        tools = look()
    except MachineError as error:
        return Finding("Pulumi", False, *_split(error))
    if tools is None:
        return Finding("Pulumi", False, f"none from {pins.PULUMI} on", _SET_UP)
    return Finding("Pulumi", True, f"{tools.version}, {tools.source}")


def _plugin(machine: Machine, plugin: pins.Plugin, remedy: str, needed: bool) -> Finding:
    source = machine.plugin(plugin)
    name = f"plugin {plugin.name}"
    if source is None:
        return Finding(name, False, f"{plugin.version} is not there", remedy, needed)
    return Finding(name, True, f"{plugin.version}, {source}", needed=needed)


def _engine(machine: Machine) -> list[Finding]:
    """The engine, and the stand-ins that it holds, so that nobody takes one for the real image."""
    try:
        engine = machine.engine()
    except MachineError as error:
        return [Finding("Docker engine", False, *_split(error))]
    if engine is None:
        remedy = f"start Docker, set DOCKER_HOST, or {_SET_UP} as root"
        return [Finding("Docker engine", False, "none answers", remedy)]
    names = machine.stand_ins(engine)
    text = f"stand-ins, not the real ones: {', '.join(names)}" if names else "no stand-ins"
    found = Finding("Docker engine", True, f"{engine.host}, {engine.source}")
    return [found, Finding("Base images", True, text, needed=False)]


def _masked(address: str) -> str:
    """The address without the password that one for a database holds, and without its parameters."""
    parts = urlsplit(address)
    place = parts.netloc.replace(f":{parts.password}@", ":***@") if parts.password else parts.netloc
    return parts._replace(netloc=place, query="").geturl()


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _split(error: MachineError) -> tuple[str, str]:
    found, _, remedy = str(error).partition("\n")
    return found, remedy.strip()
