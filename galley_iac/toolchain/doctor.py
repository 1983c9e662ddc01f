"""What is on this machine, what is missing, and the remedy for each: looks only, changes nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from galley_iac.errors import MachineError
from galley_iac.toolchain import engine, images, locate, paths, pins, plugins

_SET_UP = "run `galley setup`"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for. ``needed`` is False for what only some commands need."""

    name: str
    ok: bool
    found: str
    remedy: str = ""
    needed: bool = True


Check = Callable[[], Finding]


def examine(checks: Sequence[Check] | None = None) -> list[Finding]:
    """Runs every check; none keeps another from running."""
    return [check() for check in (checks if checks is not None else CHECKS)]


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


def check_python() -> Finding:
    """The interpreter that runs this."""
    version = sys.version.split()[0]
    wanted = ".".join(map(str, pins.MINIMUM_PYTHON))
    fits = sys.version_info >= pins.MINIMUM_PYTHON
    return Finding("Python", fits, version, f"install Python {wanted} or later")


def check_pulumi() -> Finding:
    """The CLI."""
    try:
        tools = locate.locate()
    except MachineError as error:
        return Finding("Pulumi", False, *_split(error))
    if tools is None:
        return Finding("Pulumi", False, f"none from {pins.PULUMI} on", _SET_UP)
    return Finding("Pulumi", True, f"{tools.version}, {tools.source}")


def check_docker_plugin() -> Finding:
    """The plugin that every preview on Docker needs."""
    return _plugin(pins.DOCKER_PLUGIN, _SET_UP, needed=True)


def check_kubernetes_plugin() -> Finding:
    """The plugin of the Kubernetes target."""
    return _plugin(
        pins.KUBERNETES_PLUGIN, "for previews on Kubernetes: run `galley setup --kubernetes`", needed=False
    )


def check_engine() -> Finding:
    """A Docker engine that answers."""
    try:
        found = engine.find()
    except MachineError as error:
        return Finding("Docker engine", False, *_split(error))
    if found is None:
        return Finding(
            "Docker engine", False, "none answers", f"start Docker, set DOCKER_HOST, or {_SET_UP} as root"
        )
    return Finding("Docker engine", True, f"{found.host}, {found.source}")


def check_images() -> Finding:
    """Names the stand-ins that the engine holds, so that nobody takes one for the real image."""
    try:
        found = engine.find()
        names = images.stand_ins(found) if found else []
    except (MachineError, OSError):
        names = []
    text = f"stand-ins, not the real ones: {', '.join(names)}" if names else "no stand-ins"
    return Finding("Base images", True, text, needed=False)


def check_state() -> Finding:
    """Where the previews' state is kept."""
    url = os.environ.get("PULUMI_BACKEND_URL", "")
    return Finding("State", True, url or "in GALLEY_HOME (local, encrypted)", needed=False)


CHECKS: tuple[Check, ...] = (
    check_python,
    check_pulumi,
    check_docker_plugin,
    check_kubernetes_plugin,
    check_engine,
    check_images,
    check_state,
)


def _plugin(plugin: pins.Plugin, remedy: str, needed: bool) -> Finding:
    source = plugins.find(plugin, paths.layout())
    name = f"plugin {plugin.name}"
    if source is None:
        return Finding(name, False, f"{plugin.version} is not there", remedy, needed)
    return Finding(name, True, f"{plugin.version}, {source}", needed=needed)


def _split(error: MachineError) -> tuple[str, str]:
    found, _, remedy = str(error).partition("\n")
    return found, remedy.strip()
