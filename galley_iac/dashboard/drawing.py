"""Pictures as coordinates: the services in their order, and where an update's time went. Pure.

The templates write them as SVG, so the page needs no script for them and a screen reader finds text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from galley_iac.dashboard.model import Service, Step

NODE_WIDTH, NODE_HEIGHT = 184, 66
_LANE_HEIGHT = 10
_GAP_X, _GAP_Y, _MARGIN = 60, 18, 6


@dataclass(frozen=True)
class Node:
    """A service's place: the left upper corner."""

    service: Service
    x: int
    y: int


@dataclass(frozen=True)
class Edge:
    """From what is waited for to who waits: an SVG path."""

    start: str
    end: str
    path: str


@dataclass(frozen=True)
class Graph:
    """A picture of ``width`` times ``height``."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int


Slot = tuple[str, int]
"""A service, and the column: its own, or one that a line from it to the right passes through."""


def graph(services: Sequence[Service]) -> Graph:
    """Columns in the order of dependency: each service is to the right of everything that it waits for.

    A line that passes a column has a lane there, so that it crosses no service.
    """
    known = {service.name: service for service in services}
    depths = _depths(known)
    edges = _edges(known)
    columns = _columns(known, depths, edges)
    places = _places(columns, depths)
    nodes = (Node(known[name], *places[name, depths[name]]) for name in known)
    drawn = (Edge(start, end, _path(start, end, depths, places)) for start, end in edges)
    width = len(columns) * (NODE_WIDTH + _GAP_X) - _GAP_X + 2 * _MARGIN
    height = max((_height(column, depths) for column in columns), default=0) + 2 * _MARGIN
    return Graph(tuple(nodes), tuple(drawn), max(width, 0), height)


def _depths(known: Mapping[str, Service]) -> dict[str, int]:
    """The longest way to a service that waits for nothing; a cycle, which there is none, ends in itself."""
    depths: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in depths:
            depths[name] = 0
            before = [depth(one) for one in known[name].after if one in known]
            depths[name] = max(before, default=-1) + 1
        return depths[name]

    for name in known:
        depth(name)
    return depths


def _edges(known: Mapping[str, Service]) -> list[tuple[str, str]]:
    """One per dependency, but for those that follow from others: they would only fill the picture."""
    found = []
    for service in known.values():
        direct = [name for name in service.after if name in known]
        for name in direct:
            if not any(name in _before(known, other) for other in direct if other != name):
                found.append((name, service.name))
    return found


def _before(known: Mapping[str, Service], name: str) -> frozenset[str]:
    """Everything that a service waits for, through any number of others."""
    found: set[str] = set()
    left = list(known[name].after)
    while left:
        one = left.pop()
        if one in known and one not in found:
            found.add(one)
            left += known[one].after
    return frozenset(found)


def _columns(
    known: Mapping[str, Service], depths: Mapping[str, int], edges: Sequence[tuple[str, str]]
) -> list[list[Slot]]:
    """Each column's slots from above; near what they are connected with on the left."""
    columns: list[list[Slot]] = [[] for _ in range(max(depths.values(), default=-1) + 1)]
    lanes = {(start, column) for start, end in edges for column in range(depths[start] + 1, depths[end])}
    for slot in [*((name, depths[name]) for name in known), *sorted(lanes)]:
        columns[slot[1]].append(slot)
    for index in range(1, len(columns)):
        above = {name: row for row, (name, _) in enumerate(columns[index - 1])}

        def rank(slot: Slot, above: Mapping[str, int] = above) -> float:
            name, column = slot
            sources = [name] if depths[name] != column else [s for s, end in edges if end == name]
            rows = [above[source] for source in sources if source in above]
            return sum(rows) / len(rows) if rows else 0.0

        columns[index].sort(key=rank)
    return columns


def _size(slot: Slot, depths: Mapping[str, int]) -> int:
    return NODE_HEIGHT if depths[slot[0]] == slot[1] else _LANE_HEIGHT


def _height(column: Sequence[Slot], depths: Mapping[str, int]) -> int:
    return sum(_size(slot, depths) + _GAP_Y for slot in column) - _GAP_Y


def _places(columns: Sequence[Sequence[Slot]], depths: Mapping[str, int]) -> dict[Slot, tuple[int, int]]:
    tallest = max((_height(column, depths) for column in columns), default=0)
    places = {}
    for index, column in enumerate(columns):
        y = _MARGIN + (tallest - _height(column, depths)) // 2
        for slot in column:
            places[slot] = (_MARGIN + index * (NODE_WIDTH + _GAP_X), y)
            y += _size(slot, depths) + _GAP_Y
    return places


def _path(start: str, end: str, depths: Mapping[str, int], places: Mapping[Slot, tuple[int, int]]) -> str:
    """Out of the right side, along the lanes, into the left side."""
    x, y = places[start, depths[start]]
    x, y = x + NODE_WIDTH, y + NODE_HEIGHT // 2
    path = f"M{x} {y}"
    for column in range(depths[start] + 1, depths[end] + 1):
        is_end = column == depths[end]
        left, top = places[(end if is_end else start), column]
        middle, level = (x + left) // 2, top + (NODE_HEIGHT if is_end else _LANE_HEIGHT) // 2
        path += f" C{middle} {y} {middle} {level} {left} {level}"
        x, y = left + NODE_WIDTH, level
        path += "" if is_end else f" H{x}"
    return path


@dataclass(frozen=True)
class Bar:
    """One step of an update; ``left`` and ``width`` are in thousandths of the whole."""

    step: Step
    left: int
    width: int
    seconds: float


def bars(steps: Sequence[Step], begun: float, ended: float) -> list[Bar]:
    """The steps by when they began; a step has at least a thousandth, so that it is seen."""
    whole = max(ended, max((step.end for step in steps), default=ended)) - begun
    if whole <= 0:
        return []

    def share(seconds: float) -> int:
        return max(0, min(1000, round(1000 * seconds / whole)))

    ordered = sorted(steps, key=lambda step: (step.start, step.end))
    return [
        Bar(
            step,
            min(share(step.start - begun), 999),
            max(share(step.end - step.start), 1),
            step.end - step.start,
        )
        for step in ordered
    ]
