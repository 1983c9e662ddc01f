"""One preview: its identity, its name, and under which hosts it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from galley_iac.plan.identity import Identity, preview_name, safe_name
from galley_iac.plan.values import Open, Part, Value

_DNS_LABEL = 63
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Layout(StrEnum):
    """How a service's host is formed from its preview's."""

    NESTED = "nested"
    FLAT = "flat"


@dataclass(frozen=True)
class Address:
    """Where previews answer. The default needs no DNS and no edge; :func:`behind_edge` a real domain."""

    domain: str = "localhost"
    layout: Layout = Layout.NESTED
    scheme: str = "http"
    port: int | Open | None = Open.ROUTER_PORT

    def url(self, host: str) -> Value:
        """All that a client needs: the port is left out where it is the scheme's own."""
        parts: tuple[Part, ...] = (f"{self.scheme}://{host}",)
        if self.port is None or self.port == _DEFAULT_PORTS.get(self.scheme):
            return Value(parts)
        return Value((*parts, ":", self.port if isinstance(self.port, Open) else str(self.port)))


def behind_edge(domain: str, layout: Layout = Layout.FLAT, scheme: str = "https") -> Address:
    """A real domain, served by an edge router in front: https, one wildcard certificate, no port."""
    return Address(domain=domain, layout=layout, scheme=scheme, port=None)


@dataclass(frozen=True)
class Preview:
    """What the plan is made for."""

    identity: Identity
    address: Address = Address()

    @property
    def name(self) -> str:
        """The preview's name: also its stack's, its network's and its namespace's."""
        return preview_name(self.identity)

    @property
    def host(self) -> str:
        """The preview's bare host."""
        return f"{self.name}.{self.address.domain}"

    def service_host(self, service: str) -> str:
        """The service's own host: ``<service>.<preview>.<domain>`` or ``<service>--<preview>.<domain>``."""
        if self.address.layout is Layout.NESTED:
            return f"{safe_name(service, service, limit=_DNS_LABEL)}.{self.host}"
        room = _DNS_LABEL - len("--") - len(self.name)
        return f"{safe_name(service, service, limit=room)}--{self.host}"
