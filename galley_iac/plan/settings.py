"""What a project may set beside its manifest. Every field has a default that needs no set-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from galley_iac.plan.model import MIB, Limits


@dataclass(frozen=True)
class Settings:
    """Project-wide settings: what the plan and the targets need to know beyond the manifest.

    ``variables`` are plain; of ``secrets`` only the names are here, never a value.
    """

    limits: Limits = Limits(cpus=1.0, memory=1024 * MIB)
    router_limits: Limits = Limits(cpus=0.5, memory=128 * MIB)
    router_image: str = "caddy:2-alpine"
    probe_image: str = "python:3.12-alpine"
    protocol_timeout: float = 60.0
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
