"""The network bridge of our own engine: not docker0, so that it can live beside another engine."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network
from pathlib import Path

from galley_iac.engine.host import routed_subnets
from galley_iac.errors import MachineError
from galley_iac.toolchain.runner import Runner, ToolError

_POOL = IPv4Network("10.212.0.0/16")
"""Beside the pool that previews take their subnets from."""


def ensure(name: str, runner: Runner) -> None:
    """Makes the bridge with a free subnet, where it is not there. Raises MachineError."""
    if Path("/sys/class/net", name).exists():
        return
    address = next(free_subnet(routed_subnets()).hosts())
    try:
        runner.run(["ip", "link", "add", name, "type", "bridge"])
        runner.run(["ip", "address", "add", f"{address}/24", "dev", name])
        runner.run(["ip", "link", "set", name, "up"])
    except ToolError as error:
        raise MachineError(
            f"the engine's bridge cannot be made: {error}", "it takes root and the right to NET_ADMIN"
        ) from None


def remove(name: str, runner: Runner) -> None:
    """Removes the bridge if it is there."""
    if Path("/sys/class/net", name).exists():
        runner.run(["ip", "link", "delete", name])


def free_subnet(used: Sequence[str]) -> IPv4Network:
    """The first /24 of the pool that overlaps none of ``used``. Raises MachineError when there is none."""
    taken = [IPv4Network(text) for text in used]
    for candidate in _POOL.subnets(new_prefix=24):
        if not any(candidate.overlaps(network) for network in taken):
            return candidate
    raise MachineError(
        f"no subnet of {_POOL} is free on this host", "set DOCKER_HOST to an engine that runs elsewhere"
    )
