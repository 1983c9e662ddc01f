"""What a project may set beside its manifest. Every field has a default that needs no set-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from galley_iac.plan.model import MIB, PROBE_IMAGE, ROUTER_LIMITS, Limits

DEFAULT_LIMITS = Limits(cpus=1.0, memory=1024 * MIB)


@dataclass(frozen=True)
class Settings:
    """Project-wide settings: what the plan and the targets need to know beyond the manifest.

    ``variables`` are plain; of ``secrets`` only the names are here, never a value.
    """

    limits: Limits = DEFAULT_LIMITS
    router_limits: Limits = ROUTER_LIMITS
    router_image: str = "caddy:2-alpine"
    probe_image: str = PROBE_IMAGE
    protocol_timeout: float = 60.0
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
