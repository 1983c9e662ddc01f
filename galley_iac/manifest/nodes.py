"""The tree of a YAML file: nodes that know their line and column and keep the text they were written with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from galley_iac.manifest.names import one_line

PathKey = tuple[str | int, ...]
"""Where a node is: ``("services", "api", "depends_on", 0)``."""


@dataclass(frozen=True, order=True)
class Mark:
    """A place in the file; line and column count from 1."""

    line: int
    column: int


class Type(StrEnum):
    """What YAML says a scalar is."""

    NULL = "null"
    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True)
class Scalar:
    """A single value, as written."""

    text: str
    type: Type = Type.TEXT
    mark: Mark = Mark(1, 1)


@dataclass(frozen=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    mark: Mark = Mark(1, 1)


@dataclass(frozen=True)
class Mapping:
    """Keys in the order of the file, each with the place of the key itself."""

    entries: dict[str, Node]
    keys: dict[str, Mark] = field(default_factory=dict)
    mark: Mark = Mark(1, 1)

    def get(self, key: str) -> Node | None:
        """The value of ``key``, None when it is not there."""
        return self.entries.get(key)


Node = Scalar | Sequence | Mapping

PRUNED = Scalar("")
"""Stands where a wrong item of a list was, so that the others keep their index; compared by identity."""


def data(node: Node) -> object:
    """The tree as dicts and lists, with :class:`Scalar` leaves, for pydantic."""
    match node:
        case Mapping():
            return {key: data(value) for key, value in node.entries.items()}
        case Sequence():
            return [data(item) for item in node.items]
        case Scalar():
            return node


def count(node: Node) -> int:
    """How many values there are in the tree."""
    match node:
        case Mapping():
            return 1 + sum(count(value) for value in node.entries.values())
        case Sequence():
            return 1 + sum(count(item) for item in node.items)
        case Scalar():
            return 1


def places(node: Node, path: PathKey = ()) -> Iterator[tuple[PathKey, Mark]]:
    """Where each part is: a scalar at its value, a list or mapping at its key, an empty value at its key."""
    if isinstance(node, Mapping):
        for key, value in node.entries.items():
            own = isinstance(value, Scalar) and value.type is not Type.NULL
            yield (*path, key), value.mark if own else node.keys[key]
            yield from places(value, (*path, key))
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield (*path, index), item.mark
            yield from places(item, (*path, index))


def dotted(path: PathKey) -> str:
    """``("services", "api", "depends_on", 0)`` as ``services.api.depends_on.0``, always on one line."""
    return one_line(".".join(str(part) for part in path))
