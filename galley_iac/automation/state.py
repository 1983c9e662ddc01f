"""What a stack's state says, as far as repairs need it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galley_iac.plan.identity import Identity

_OBJECTS = tuple(f"docker:index/{kind}:" for kind in ("container", "network", "volume"))
_STACK = "pulumi:pulumi:Stack"
_PROVIDER = "pulumi:providers:docker"


@dataclass(frozen=True)
class State:
    """The ids of the objects that the stack knows, their engine, and whether an update was cut off."""

    ids: frozenset[str] = frozenset()
    engine: str = ""
    identity: str = ""
    """Fingerprint of the one it belongs to; empty before the first update has gone through."""
    pending: bool = False


def from_file(path: Path) -> State:
    """The state of a stack in a local backend; empty when there is none, or nothing was ever deployed."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return State()
    return from_deployment((document.get("checkpoint") or {}).get("latest") or {})


def from_deployment(deployment: Mapping[str, Any]) -> State:
    """The state in an exported deployment. Images are left out: they outlive the preview and are shared."""
    resources = deployment.get("resources") or []
    ids = {entry["id"] for entry in resources if entry["type"].startswith(_OBJECTS) and entry.get("id")}
    engines = [
        (entry.get("inputs") or {}).get("host", "") for entry in resources if entry["type"] == _PROVIDER
    ]
    pending = bool(deployment.get("pending_operations"))
    return State(frozenset(ids), engines[0] if engines and ids else "", _identity(resources), pending)


def _identity(resources: Sequence[Mapping[str, Any]]) -> str:
    """From the program's own output."""
    for entry in resources:
        found = (entry.get("outputs") or {}).get("identity")
        if entry["type"] == _STACK and found:
            return Identity(**found).digest()
    return ""
