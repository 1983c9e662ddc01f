"""What an edge and the previews behind it have to agree on: names, ports, subnets."""

from __future__ import annotations

import re

NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
"""An edge's name: there may be several on an engine, on other ports."""

DEFAULT = "main"
SERVICE = "edge"
"""The ``galley.service`` label of an edge's objects."""

ROUTER_PORT = 80
"""Where a preview's router takes requests, from the edge as from anywhere."""

KNOWN_PORT = 2021
"""Where a preview's router says which hosts it knows, on its network and the edge's."""

POOL = "10.214.0.0/16"
"""The range of the edges' subnets: outside of the previews' own."""

PREFIX = 22
"""1,022 routers behind one edge."""

_ALIAS_ZONE = "galley.invalid"
"""Nobody can register it: what Docker does not know under this zone, no resolver outside does either."""


def network(edge: str) -> str:
    """The network that only the edge and the previews' routers are on; a preview's name has no dot."""
    return f"galley-edge.{edge}"


def alias(preview: str) -> str:
    """A router's name on that network."""
    return f"{preview}.{_ALIAS_ZONE}"


def read(text: str) -> str | None:
    """The name of an edge, or None when it cannot be one."""
    return text if NAME.fullmatch(text) else None
