"""The network bridge of our own engine: not docker0, so that it can live beside another engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network
from pathlib import Path

from galley_iac.engine.host import routed_subnets
from galley_iac.errors import MachineError
from galley_iac.toolchain.runner import Runner, ToolError

Inside = Callable[[Sequence[str | Path]], Sequence[str | Path]]
"""Turns a command into one that runs in the engine's network namespace."""

_POOL = IPv4Network("10.212.0.0/16")
"""Beside the pool that previews take their subnets from."""


def ensure(name: str, runner: Runner, inside: Inside = list) -> None:
    """Makes the bridge with a free subnet, where it is not there. Raises MachineError."""
    if _exists(name, runner, inside):
        return
    address = next(free_subnet(routed_subnets()).hosts())
    try:
        runner.run(inside(["ip", "link", "add", name, "type", "bridge"]))
        runner.run(inside(["ip", "address", "add", f"{address}/24", "dev", name]))
        runner.run(inside(["ip", "link", "set", name, "up"]))
    except ToolError as error:
        raise MachineError(f"the engine's bridge cannot be made: {error}", "it takes root") from None


def remove(name: str, runner: Runner) -> None:
    """Removes the bridge if it is here; one in a namespace goes with that."""
    if _exists(name, runner, list):
        runner.run(["ip", "link", "delete", name])


def free_subnet(used: Sequence[str]) -> IPv4Network:
    """The first /24 of the pool that overlaps none of ``used``. Raises MachineError when there is none."""
    taken = [IPv4Network(text) for text in used]
    for candidate in _POOL.subnets(new_prefix=24):
        if not any(candidate.overlaps(network) for network in taken):
            return candidate
    raise MachineError(f"no subnet of {_POOL} is free here", "set DOCKER_HOST to an engine elsewhere")


def _exists(name: str, runner: Runner, inside: Inside) -> bool:
    try:
        runner.run(inside(["ip", "link", "show", "dev", name]))
    except ToolError:
        return False
    return True
