"""Which Pulumi is used: the one that GALLEY_PULUMI names, a compatible one on PATH, else the one set up."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import artifact, paths, pins
from galley_iac.toolchain.runner import Runner, SystemRunner, ToolError

_NAMED = "named by GALLEY_PULUMI"
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True)
class Tools:
    """A Pulumi CLI and the home that holds its plugins. ``source`` says in words where it comes from."""

    pulumi: Path
    pulumi_home: Path
    version: str
    source: str


def locate(environ: Mapping[str, str] = os.environ, runner: Runner | None = None) -> Tools | None:
    """The tools; None when there are none that fit.

    Raises MachineError when GALLEY_PULUMI names something else than a compatible Pulumi: what is asked for by
    name is not replaced behind one's back.
    """
    layout = paths.layout(environ)
    runner = runner or SystemRunner()
    named = environ.get("GALLEY_PULUMI")
    if named:
        return _named(Path(named), layout, runner)
    return _on_path(layout, runner) or own(layout)


def own(layout: paths.Layout) -> Tools | None:
    """The Pulumi that the set-up made."""
    stamp = artifact.read_stamp(layout.pulumi)
    if stamp is None or not compatible(stamp.version):
        return None
    return Tools(layout.pulumi / "bin" / "pulumi", layout.pulumi_home, stamp.version, stamp.source)


def compatible(version: str) -> bool:
    """At least the pinned version, and of the same major one."""
    found, pinned = _numbers(version), _numbers(pins.PULUMI)
    return found is not None and pinned is not None and found[0] == pinned[0] and found >= pinned


def _named(program: Path, layout: paths.Layout, runner: Runner) -> Tools:
    made = own(layout)
    if made and program == made.pulumi:
        return replace(made, source=_NAMED)
    version = _version(program, runner)
    if version is None or not compatible(version):
        raise MachineError(
            f"GALLEY_PULUMI names {program}: {f'Pulumi {version}' if version else 'not a Pulumi CLI'}",
            f"name a Pulumi from {pins.PULUMI} on, or unset GALLEY_PULUMI and run `galley setup`",
        )
    return Tools(program, layout.pulumi_home, version, _NAMED)


def _on_path(layout: paths.Layout, runner: Runner) -> Tools | None:
    program = runner.which("pulumi")
    if program is None:
        return None
    if program.parent == layout.pulumi / "bin":
        return own(layout)
    version = _version(program, runner)
    if version is None or not compatible(version):
        return None
    return Tools(program, layout.pulumi_home, version, f"already installed: {program}")


def _version(program: Path, runner: Runner) -> str | None:
    try:
        printed = runner.run([program, "version"], env={"PULUMI_SKIP_UPDATE_CHECK": "true"})
    except ToolError:
        return None
    match = _VERSION.search(printed)
    return ".".join(match.groups()) if match else None


def _numbers(version: str) -> tuple[int, ...] | None:
    match = _VERSION.match(version)
    return tuple(int(number) for number in match.groups()) if match else None
