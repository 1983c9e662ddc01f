"""Whether a host has room, and who makes it. The host is declared: no test fills one."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.life.room import Decision, Host, Need, Size, Sort, Tenant, decide, lasting, size_text, whole
from galley_iac.plan.model import MIB
from galley_iac.plan.policy import FullHost, Policy
from tests.unit.plan.support import plan, services, whole_plan

GIB = 1024 * MIB
HOST = Host(cpus=4, memory=8 * GIB, disk_free=100 * GIB)
STRICT = Policy(memory_overcommit=1.0, cpu_overcommit=4.0)
SLEEP = dataclasses.replace(STRICT, full=FullHost.SLEEP)


def need(memory: int = 2, cpus: float = 1.0, project: str = "shop") -> Need:
    return Need("new", project, Size(cpus, memory * GIB))


def tenant(
    name: str, memory: int, activity: float = 0.0, project: str = "shop", *, may_sleep: bool = True
) -> Tenant:
    return Tenant(name, project, Size(1.0, memory * GIB), may_sleep, activity)


def sorts(decision: Decision) -> list[Sort]:
    return [lack.sort for lack in decision.lacks]


def test_there_is_room() -> None:
    assert decide(need(), HOST, [tenant("a", 6)], STRICT) == Decision()


def test_memory_is_short() -> None:
    found = decide(need(3), HOST, [tenant("a", 6)], STRICT)
    (lack,) = found.lacks
    assert lack.sort is Sort.MEMORY
    assert lack.words == "memory: its limits come to 3.0 GiB, 2.0 GiB of 8.0 GiB (1 x 8.0 GiB) are left"
    assert not found.hopeless


def test_memory_may_be_promised_more_than_once() -> None:
    twice = dataclasses.replace(STRICT, memory_overcommit=2.0)
    assert decide(need(3), HOST, [tenant("a", 13)], twice) == Decision()
    assert sorts(decide(need(3), HOST, [tenant("a", 14)], twice)) == [Sort.MEMORY]


def test_cpus_are_short() -> None:
    (lack,) = decide(need(1, cpus=15.5), HOST, [tenant("a", 1)], STRICT).lacks
    assert lack.words == "CPUs: its limits come to 15.5, 15 of 16 (4 x 4) are left"


def test_the_disk_is_full() -> None:
    full = dataclasses.replace(HOST, disk_free=GIB)
    (lack,) = decide(need(), full, [], STRICT).lacks
    assert lack.words == "disk: 1.0 GiB are free where the engine keeps its data, 2.0 GiB have to be"


def test_a_disk_that_cannot_be_seen_is_not_full() -> None:
    assert decide(need(), dataclasses.replace(HOST, disk_free=None), [], STRICT) == Decision()


def test_a_cap_counts_the_project_s_own() -> None:
    capped = dataclasses.replace(STRICT, max_previews=2)
    others = [tenant("a", 1), tenant("b", 1, project="blog")]
    assert decide(need(), HOST, others, capped) == Decision()
    (lack,) = decide(need(), HOST, [*others, tenant("c", 1)], capped).lacks
    assert lack.words == "previews: shop has 2 awake, and may have 2"


def test_a_subnet_is_needed_too() -> None:
    without = dataclasses.replace(need(), no_subnet="no free subnet is left")
    assert [lack.words for lack in decide(without, HOST, [], STRICT).lacks] == ["no free subnet is left"]


def test_everything_that_is_short_is_said_at_once() -> None:
    host = Host(1, GIB, 0)
    wanted = dataclasses.replace(need(9, 9.0), no_subnet="none")
    capped = dataclasses.replace(STRICT, max_previews=1)
    assert sorts(decide(wanted, host, [tenant("a", 1)], capped)) == list(Sort)


def test_a_preview_is_not_in_its_own_way() -> None:
    assert decide(need(8), HOST, [tenant("new", 8)], STRICT) == Decision()


def test_what_is_larger_than_the_host_need_not_wait() -> None:
    assert decide(need(9), HOST, [], STRICT).hopeless
    found = decide(need(9), HOST, [tenant("a", 1)], SLEEP)
    assert found.hopeless
    assert found.sleepers == ()


def test_a_full_disk_is_something_to_wait_for() -> None:
    assert not decide(need(), dataclasses.replace(HOST, disk_free=0), [], STRICT).hopeless


@pytest.mark.parametrize("full", [FullHost.REFUSE, FullHost.QUEUE])
def test_nobody_is_put_to_sleep_unless_it_is_set(full: FullHost) -> None:
    policy = dataclasses.replace(STRICT, full=full)
    assert decide(need(3), HOST, [tenant("a", 6)], policy).sleepers == ()


def test_the_longest_idle_goes_to_sleep() -> None:
    others = [tenant("young", 3, 30.0), tenant("old", 3, 10.0), tenant("middle", 2, 20.0)]
    assert decide(need(2), HOST, others, SLEEP).sleepers == ("old",)


def test_as_many_as_it_takes_and_no_more() -> None:
    others = [tenant("a", 2, 1.0), tenant("b", 2, 2.0), tenant("c", 2, 3.0), tenant("d", 2, 4.0)]
    assert decide(need(3), HOST, others, SLEEP).sleepers == ("a", "b")


def test_an_old_one_that_would_not_help_is_left_alone() -> None:
    others = [tenant("small", 1, 1.0), tenant("large", 7, 2.0)]
    assert decide(need(6), HOST, others, SLEEP).sleepers == ("large",)


def test_what_may_not_sleep_stays_awake() -> None:
    others = [tenant("pinned", 6, 1.0, may_sleep=False), tenant("b", 2, 2.0)]
    assert decide(need(2), HOST, others, SLEEP).sleepers == ("b",)
    assert decide(need(3), HOST, others, SLEEP).sleepers == (), "even b's sleep would not do"


def test_for_a_cap_only_the_project_s_own_help() -> None:
    capped = dataclasses.replace(SLEEP, max_previews=1)
    others = [tenant("a", 1, 1.0, "blog"), tenant("b", 1, 2.0)]
    assert decide(need(1), HOST, others, capped).sleepers == ("b",)


def test_sleep_makes_neither_disk_nor_subnets() -> None:
    others = [tenant("a", 1)]
    assert decide(need(), dataclasses.replace(HOST, disk_free=0), others, SLEEP).sleepers == ()
    without = dataclasses.replace(need(), no_subnet="none")
    assert decide(without, HOST, others, SLEEP).sleepers == ()


TENANTS = st.lists(
    st.builds(
        tenant,
        name=st.text("abcdefgh", min_size=1, max_size=3),
        memory=st.integers(0, 4),
        activity=st.floats(0, 9),
        project=st.sampled_from(["shop", "blog"]),
        may_sleep=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.name,
)


@given(TENANTS, st.integers(1, 10), st.integers(0, 3))
def test_whoever_sleeps_makes_room_and_none_for_nothing(others: list[Tenant], memory: int, cap: int) -> None:
    policy = dataclasses.replace(SLEEP, max_previews=cap)
    found = decide(need(memory), HOST, others, policy)
    assert {one.name for one in others if not one.may_sleep}.isdisjoint(found.sleepers)

    def fits(sleeping: set[str]) -> bool:
        left = [one for one in others if one.name not in sleeping]
        return not decide(need(memory), HOST, left, policy).lacks

    if found.sleepers:
        assert not fits(set())
        assert fits(set(found.sleepers))
        assert not any(fits(set(found.sleepers) - {name}) for name in found.sleepers)
    elif found.lacks:
        assert not fits({one.name for one in others if one.may_sleep})


def test_the_size_of_a_plan() -> None:
    """web, api, migrate (a job) and db, and the router: docs/manifest.md has the defaults."""
    assert whole(whole_plan()) == Size(1 + 0.5 + 1 + 1 + 0.5, (1024 + 256 + 1024 + 1024 + 128) * MIB)
    assert lasting(whole_plan()) == Size(1 + 0.5 + 1 + 0.5, (1024 + 256 + 1024 + 128) * MIB)


def test_no_route_no_router() -> None:
    small = plan(services("w: {kind: worker, image: x, resources: {cpus: 2, memory: 64m}}"))
    assert whole(small) == lasting(small) == Size(2.0, 64 * MIB)


def test_sizes() -> None:
    assert Size(1, 5).covers(Size(1, 5))
    assert not Size(1, 5).covers(Size(1.5, 4))
    assert not Size(1, 5).covers(Size(0.5, 6))
    assert Size(1, 5).joined(Size(2, 4)) == Size(2, 5)


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 MiB"), (512 * MIB, "512 MiB"), (GIB, "1.0 GiB"), (5 * GIB + 128 * MIB, "5.1 GiB")],
)
def test_how_sizes_are_shown(size: int, shown: str) -> None:
    assert size_text(size) == shown
