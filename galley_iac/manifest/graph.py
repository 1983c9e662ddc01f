"""Checks of ``depends_on`` over all services: unknown names, itself, twice, and cycles, which are printed
whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from galley_iac.errors import Problem
from galley_iac.manifest import names
from galley_iac.manifest.nodes import PathKey

MOST_CYCLES = 20
MOST_HINTS = 100

MakeProblem = Callable[[PathKey, str, str], Problem]


def check(depends: Mapping[str, Sequence[str]], known: Sequence[str], problem: MakeProblem) -> list[Problem]:
    """What is wrong with ``depends`` (service → what it depends on, an empty name where that is unreadable).

    ``known`` are the names of all services; ``problem`` makes a Problem from a path, a rule and a remedy.
    """
    found = [
        problem(("services", name, "depends_on", index), *wrong)
        for name, targets in depends.items()
        for index, target in enumerate(targets)
        if (wrong := _wrong(name, target, targets[:index], known))
    ]
    return found + [_cycle_problem(cycle, depends, problem) for cycle in cycles(depends)]


def cycles(depends: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Cycles that share no service, each from its first name in the file round to that name again; at most
    20.
    """
    rest = {name: [t for t in targets if t != name and t in depends] for name, targets in depends.items()}
    found: list[tuple[str, ...]] = []
    while len(found) < MOST_CYCLES and (cycle := _one_cycle(rest)):
        found.append(_rotated(cycle, list(depends)))
        rest = {
            name: [t for t in targets if t not in cycle]
            for name, targets in rest.items()
            if name not in cycle
        }
    return found


def _wrong(name: str, target: str, before: Sequence[str], known: Sequence[str]) -> tuple[str, str] | None:
    if target == name:
        return f"`{name}` depends on itself", "remove it"
    if target and target not in known:
        hint = names.did_you_mean(target, known) if len(before) < MOST_HINTS else ""
        return f"there is no service {names.shown(target)}{hint}", f"services here: {', '.join(known)}"
    if target in before:
        return f"`{target}` is here twice", "remove one of the two"
    return None


def _one_cycle(depends: Mapping[str, Sequence[str]]) -> tuple[str, ...] | None:
    try:
        TopologicalSorter(depends).prepare()
    except CycleError as error:
        return tuple(reversed(error.args[1][1:]))
    return None


def _rotated(cycle: tuple[str, ...], order: list[str]) -> tuple[str, ...]:
    at = cycle.index(min(cycle, key=order.index))
    return (*cycle[at:], *cycle[:at], cycle[at])


def _cycle_problem(
    cycle: tuple[str, ...], depends: Mapping[str, Sequence[str]], problem: MakeProblem
) -> Problem:
    first, second = cycle[:2]
    path = ("services", first, "depends_on", list(depends[first]).index(second))
    rule = f"a cycle: {' → '.join(cycle)}"
    return problem(path, rule, "remove one of these dependencies: none of the services could ever start")
