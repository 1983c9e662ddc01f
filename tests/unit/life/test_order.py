"""In which order containers are started again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from galley_iac.life.order import generations


def test_a_typical_preview() -> None:
    after = {
        "router": (),
        "db": (),
        "db.ready": ("db",),
        "migrate": ("db.ready",),
        "api": ("migrate", "db.ready"),
        "api.ready": ("api",),
    }
    assert generations(after) == (("db", "router"), ("db.ready",), ("migrate",), ("api",), ("api.ready",))


def test_nothing_and_nobody() -> None:
    assert generations({}) == ()
    assert generations({"a": ("gone",)}) == (("a",),)


@given(st.lists(st.sets(st.integers(0, 7)), max_size=8))
def test_each_comes_after_all_that_it_waits_for(wanted: list[set[int]]) -> None:
    after = {str(me): {str(one) for one in others if one < me} for me, others in enumerate(wanted)}
    groups = generations(after)
    assert sorted(name for group in groups for name in group) == sorted(after)
    place = {name: number for number, group in enumerate(groups) for name in group}
    assert all(place[one] < place[name] for name in after for one in after[name] if one in after)
