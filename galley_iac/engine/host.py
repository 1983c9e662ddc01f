"""What the host itself already uses, where the engine runs on this machine."""

from __future__ import annotations

import os
import socket
import struct
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

_ROUTES = Path("/proc/net/route")


def routed_subnets() -> list[str]:
    """Subnets that this host routes (a VPN, a LAN): a preview must not hide them. Empty where Linux's table
    is not.
    """
    if not _ROUTES.is_file():
        return []
    rows = [line.split() for line in _ROUTES.read_text().splitlines()[1:]]
    networks = [_network(row[1], row[7]) for row in rows if len(row) > 7]
    return [str(network) for network in networks if network.prefixlen > 0]


def disk_free(folder: str) -> int | None:
    """Bytes that are free for new files where ``folder`` is; None when it is not on this machine."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize


def is_free(port: int) -> bool:
    """Whether nothing listens on the port of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _network(destination: str, mask: str) -> IPv4Network:
    """The kernel writes addresses in hexadecimal, in the machine's byte order."""
    address = IPv4Address(struct.pack("=L", int(destination, 16)))
    prefix = bin(int(mask, 16)).count("1")
    return IPv4Network((address, prefix))
