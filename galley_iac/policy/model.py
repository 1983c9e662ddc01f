"""What the rules speak of, without a target's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Inputs = Mapping[str, Any]
"""A resource's inputs by the names that its Python class has for them. An entry that only the engine can
fill, and has not yet, is :data:`UNKNOWN`.
"""


class Unknown:
    """A value that is not known before the update: no rule judges it."""


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Container:
    """One container that a resource declares."""

    name: str
    image: object
    """What it runs: text, or :data:`UNKNOWN`."""
    limits: frozenset[str]
    """Of what it has a limit: ``cpu``, ``memory``."""
    powers: tuple[str, ...] = ()
    """What it may do beyond an ordinary process, in words."""
    host: tuple[str, ...] = ()
    """What of the machine it has, in words: a path, a port, a namespace."""


@dataclass(frozen=True)
class Declared:
    """A resource as the rules see it."""

    containers: tuple[Container, ...] = ()
    host: tuple[str, ...] = ()
    """What of the machine the resource takes beside its containers."""
    routed: tuple[str, ...] = ()
    """Services that it lets requests from outside reach."""
