"""Start order: after what one depends on, and the same whatever order the manifest was written in."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from galley_iac.manifest.models import Kind, Service
from galley_iac.plan.order import start_order


def graph(**edges: str) -> dict[str, Service]:
    """Services by name, each with the names that it depends on, separated by spaces."""
    return {
        name: Service(name=name, kind=Kind.OTHER, depends_on=tuple(after.split()))
        for name, after in edges.items()
    }


def test_after_what_it_depends_on() -> None:
    assert start_order(graph(api="db migrate", db="", migrate="db", web="api")) == (
        "db",
        "migrate",
        "api",
        "web",
    )


def test_alphabetical_where_there_is_no_order() -> None:
    assert start_order(graph(c="", a="", b="")) == ("a", "b", "c")


def test_a_level_at_a_time() -> None:
    assert start_order(graph(a="z", b="", z="")) == ("b", "z", "a")


def test_the_manifest_s_order_does_not_matter() -> None:
    services = graph(a="c", b="", c="b", d="a b")
    orders = {start_order(dict(shuffled)) for shuffled in itertools.permutations(services.items())}
    assert orders == {("b", "c", "a", "d")}


@given(st.integers(0, 2**32))
def test_any_graph_without_cycles(seed: int) -> None:
    chance = random.Random(seed)
    names = [f"s{number}" for number in range(12)]
    edges = {
        name: " ".join(chance.sample(names[:place], chance.randint(0, min(place, 3))))
        for place, name in enumerate(names)
    }
    order = start_order(graph(**edges))
    assert sorted(order) == sorted(names)
    assert all(order.index(after) < order.index(name) for name in names for after in edges[name].split())
