"""Getting at nested inputs, of which any may be missing or not known yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from galley_iac.policy.model import Inputs


def at(inputs: object, *path: str) -> Any:
    """The entry at a path of names; None where there is none, or it is not known."""
    for name in path:
        inputs = inputs.get(name) if isinstance(inputs, dict) else None
    return inputs


def each(inputs: object, *path: str) -> Iterator[Inputs]:
    """The maps of the list at a path of names."""
    found = at(inputs, *path)
    return (one for one in found if isinstance(one, dict)) if isinstance(found, list) else iter(())
