"""What a stack's state says, as far as repairs need it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_COMPONENT_PREFIXES = ("pulumi:", "galley:")


@dataclass(frozen=True)
class State:
    """The ids of the objects that the stack knows, and whether an operation was cut off in the middle."""

    ids: frozenset[str] = frozenset()
    pending: bool = False


def from_file(path: Path) -> State:
    """The state of a stack in a local backend; empty when there is none yet or nothing was ever deployed."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return State()
    return from_deployment((document.get("checkpoint") or {}).get("latest") or {})


def from_deployment(deployment: Mapping[str, Any]) -> State:
    """The state in an exported deployment."""
    resources = deployment.get("resources") or []
    ids = (entry.get("id", "") for entry in resources if not entry["type"].startswith(_COMPONENT_PREFIXES))
    return State(frozenset(filter(None, ids)), bool(deployment.get("pending_operations")))
