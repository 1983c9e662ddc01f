"""The cases, in the order in which a round goes through them, and what each does."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bench.contenders.base import Contender, Place
from bench.files import describe, touch
from bench.running import Ran

MAIN, OTHER = "a", "b"
"""The two branches: all changes are to the first."""


@dataclass(frozen=True)
class Turn:
    """One contender at one application in one round."""

    contender: Contender
    place: Place
    round: int


def _first(turn: Turn) -> Ran:
    return turn.contender.up(turn.place, MAIN)


def _second(turn: Turn) -> Ran:
    return turn.contender.up(turn.place, OTHER)


def _no_change(turn: Turn) -> Ran:
    return turn.contender.up(turn.place, MAIN)


def _source(turn: Turn) -> Ran:
    touch(turn.place.folder / turn.place.application.source, turn.round)
    return turn.contender.up(turn.place, MAIN, build=True)


def _environment(turn: Turn) -> Ran:
    changed = turn.place.application.with_setting(f"round {turn.round}")
    describe(changed, turn.place.folder, turn.place.project)
    return turn.contender.up(turn.place, MAIN)


def _dependency(turn: Turn) -> Ran:
    touch(turn.place.folder / turn.place.application.dependencies, turn.round)
    return turn.contender.up(turn.place, MAIN, build=True)


def _sleep(turn: Turn) -> Ran:
    return turn.contender.sleep(turn.place, MAIN)


def _wake(turn: Turn) -> Ran:
    return turn.contender.wake(turn.place, MAIN)


def _down(turn: Turn) -> Ran:
    return turn.contender.down(turn.place, MAIN)


@dataclass(frozen=True)
class Case:
    """``needs`` are cases that have to come before it, measured or not. It is about the preview of
    ``branch``, which it may end.
    """

    name: str
    title: str
    act: Callable[[Turn], Ran]
    needs: tuple[str, ...] = ("first",)
    sleeping: bool = False
    branch: str = MAIN
    ends: bool = False


ALL = (
    Case("first", "first preview, nothing cached", _first, ()),
    Case("second", "second branch, images cached", _second, branch=OTHER),
    Case("noop", "nothing changed", _no_change),
    Case("source", "source of one service changed", _source),
    Case("env", "environment of one service changed", _environment),
    Case("dependency", "dependencies of one service changed", _dependency),
    Case("sleep", "put to sleep", _sleep, sleeping=True),
    Case("wake", "woken", _wake, ("first", "sleep"), sleeping=True),
    Case("down", "removed", _down, ends=True),
)
NAMES = tuple(case.name for case in ALL)


def steps(chosen: Collection[str], contender: Contender) -> list[tuple[Case, bool]]:
    """What a contender has to do for the chosen cases, and for each whether it is measured."""
    able = [case for case in ALL if contender.sleeps or not case.sleeping]
    wanted = [case for case in able if case.name in chosen]
    needed = {name for case in wanted for name in case.needs}
    return [(case, case in wanted) for case in able if case in wanted or case.name in needed]
