"""Which subnet and which port a new preview takes. Pure: the engine's state comes in as data.

Docker's default address pools end at about 30 networks, so every preview gets a small subnet of its own, out
of a range that Docker does not hand out by itself. Each preview starts its search at a place of its own, so
that two that come up at the same moment seldom ask for the same one; where they do, the engine refuses one
and it tries again.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Collection, Iterable
from ipaddress import IPv4Network, ip_network

from galley_iac.errors import MachineError, UsageError
from galley_iac.plan.settings import DEFAULT_POOL

PREFIX = 26
"""62 addresses a preview; 1,024 previews in the default pool."""

PORTS = range(20000, 30000)
"""Below the range that Linux gives to outgoing connections (32768 on), so that a free port stays free."""


def free_subnet(preview: str, used: Iterable[str], pool: str = DEFAULT_POOL, prefix: int = PREFIX) -> str:
    """A subnet of ``pool`` that overlaps none of ``used``; raises MachineError when there is none left.

    UsageError when ``pool`` is no range that a preview fits into.
    """
    whole = _pool(pool)
    taken = [network for network in map(_parse, used) if network is not None and network.overlaps(whole)]
    count = 1 << (prefix - whole.prefixlen)
    start = _start(preview, count)
    for offset in range(count):
        candidate = _subnet(whole, (start + offset) % count, prefix)
        if not any(candidate.overlaps(network) for network in taken):
            return str(candidate)
    raise MachineError(
        f"no free subnet is left in {pool} ({count} in all)",
        "remove previews that are no longer needed (`galley ls`), or set galley:subnetPool to a larger range",
    )


def free_port(preview: str, used: Collection[int]) -> int:
    """A port of :data:`PORTS` that is not in ``used``; raises MachineError when there is none left."""
    start = _start(preview, len(PORTS))
    for offset in range(len(PORTS)):
        port = PORTS[(start + offset) % len(PORTS)]
        if port not in used:
            return port
    raise MachineError(
        f"no free port is left between {PORTS.start} and {PORTS.stop - 1}",
        "remove previews that are not needed",
    )


def _pool(text: str) -> IPv4Network:
    with contextlib.suppress(ValueError):
        whole = IPv4Network(text)
        if whole.prefixlen <= PREFIX:
            return whole
    raise UsageError(
        f"galley:subnetPool: `{text}` is no range of IPv4 addresses with room for a preview",
        f"write one of at least /{PREFIX}, such as {DEFAULT_POOL}",
    )


def _start(preview: str, count: int) -> int:
    return int.from_bytes(hashlib.sha256(preview.encode()).digest()[:8], "big") % count


def _subnet(whole: IPv4Network, index: int, prefix: int) -> IPv4Network:
    size = 1 << (32 - prefix)
    return IPv4Network((int(whole.network_address) + index * size, prefix))


def _parse(text: str) -> IPv4Network | None:
    """None for IPv6, which cannot overlap."""
    network = ip_network(text, strict=False)
    return network if isinstance(network, IPv4Network) else None
