from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from galley_iac.errors import Problem
from galley_iac.manifest import graph
from galley_iac.manifest.nodes import PathKey, dotted


def check(depends: dict[str, list[str]]) -> list[str]:
    def problem(path: PathKey, rule: str, remedy: str) -> Problem:
        return Problem("f", 0, 0, dotted(path), rule, remedy)

    return [f"{p.path}: {p.rule}" for p in graph.check(depends, list(depends), problem)]


def test_cycles_begin_with_their_first_service() -> None:
    assert graph.cycles({"x": [], "c": ["a"], "a": ["b"], "b": ["c", "x"]}) == [("c", "a", "b", "c")]


def test_every_separate_cycle_is_found() -> None:
    found = graph.cycles({"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"], "e": ["a"]})
    assert sorted(found) == [("a", "b", "a"), ("c", "d", "c")]


def test_place_is_the_dependency_that_begins_the_cycle() -> None:
    assert check({"a": ["x", "b"], "b": ["a"], "x": []}) == ["services.a.depends_on.1: a cycle: a → b → a"]


def test_oneself_is_no_cycle_as_well() -> None:
    assert check({"a": ["a"]}) == ["services.a.depends_on.0: `a` depends on itself"]


def test_diamonds_are_fine() -> None:
    assert check({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == []


def test_number_of_cycles_is_bounded() -> None:
    many = {f"{side}{i}": [f"{other}{i}"] for i in range(200) for side, other in ("ab", "ba")}
    assert len(graph.cycles(many)) == graph.MOST_CYCLES


NAMES = ["a", "b", "c", "d", "e"]


@given(st.fixed_dictionaries({name: st.lists(st.sampled_from(NAMES), unique=True) for name in NAMES}))
def test_what_is_called_a_cycle_is_one(depends: dict[str, list[str]]) -> None:
    found = graph.cycles(depends)
    for cycle in found:
        assert cycle[0] == cycle[-1]
        assert all(after in depends[before] for before, after in pairwise(cycle))
    left = {name for name in NAMES if not any(name in cycle for cycle in found)}
    while ready := {n for n in left if not (set(depends[n]) - {n}) & left}:
        left -= ready
    assert not left
