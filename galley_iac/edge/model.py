"""An edge: on which ports, for which domains, with whose certificates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from galley_iac.edge.names import DEFAULT


class Issuer(StrEnum):
    """Who makes the certificates."""

    INTERNAL = "internal"
    """An authority of the edge's own, for a laptop or a closed network."""
    OWN = "own"
    """Nobody: there is one, such as a wildcard certificate."""
    ACME = "acme"


@dataclass(frozen=True)
class Certificates:
    """Where certificates come from; empty texts for what the issuer does not need.

    ``directory`` is an ACME authority's, empty for Caddy's own choice; ``private_root`` whether that
    authority has a certificate of its own that is handed in.
    """

    issuer: Issuer = Issuer.INTERNAL
    directory: str = ""
    email: str = ""
    private_root: bool = False

    @property
    def on_demand(self) -> bool:
        """Whether certificates are made when a host is first asked for."""
        return self.issuer is not Issuer.OWN


@dataclass(frozen=True)
class Edge:
    """One edge. ``bind`` is the host's address that it listens on."""

    domains: tuple[str, ...]
    name: str = DEFAULT
    certificates: Certificates = Certificates()
    bind: str = "0.0.0.0"
    http_port: int = 80
    https_port: int = 443
    image: str = "caddy:2-alpine"
