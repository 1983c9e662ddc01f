"""How the dashboard is served: where, to whom, and who may act."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from galley_iac.errors import UsageError

DEFAULT_PORT = 7373
LOOPBACK = "127.0.0.1"
Network = IPv4Network | IPv6Network
LOOPBACKS: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))


@dataclass(frozen=True)
class Settings:
    """``names`` are further host names that it answers to: any other is refused, against DNS rebinding.

    ``identity_header`` names the header in which a reverse proxy says who asks; it is believed only from
    ``proxies``.
    """

    host: str = LOOPBACK
    port: int = DEFAULT_PORT
    names: tuple[str, ...] = ()
    identity_header: str = ""
    proxies: tuple[Network, ...] = LOOPBACKS
    public: bool = False
    """Whether everybody who can reach it may read, also where it listens on more than loopback."""

    shell: bool = False
    """Whether whoever may act may open a shell in a service's container."""

    thumbnails: bool = False
    """Whether pictures of pages are taken, by a browser that is installed."""

    @property
    def open_to_read(self) -> bool:
        """Whether reading needs no login: on loopback it does not, anywhere else it does unless said so."""
        return self.public or is_loopback(self.host)

    @property
    def host_names(self) -> frozenset[str]:
        """Every name or address by which it may be asked for."""
        return frozenset({"localhost", LOOPBACK, "::1", self.host.lower(), *map(str.lower, self.names)})

    def is_proxy(self, peer: str) -> bool:
        """Whether a peer's word for who asks counts."""
        return within(peer, self.proxies)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    return host == "localhost" or within(host, LOOPBACKS)


def within(host: str, networks: tuple[Network, ...]) -> bool:
    """Whether an address is in one of the networks; a name is in none."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in networks if network.version == address.version)


def network(text: str) -> Network:
    """A network or an address as a person writes it. Raises UsageError."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise UsageError(f"{text} is no network", "write one such as 10.0.0.0/8, or an address") from None
