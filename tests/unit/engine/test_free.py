"""Which subnet and port a new preview takes, and what is said when none is left."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.engine.free import DEFAULT_POOL, PORTS, PREFIX, free_port, free_subnet
from galley_iac.errors import MachineError, UsageError

POOL = IPv4Network(DEFAULT_POOL)
SMALL = "10.9.0.0/24"
"""Four subnets."""


def test_a_subnet_of_the_pool() -> None:
    made = IPv4Network(free_subnet("main-shop", []))
    assert made.subnet_of(POOL)
    assert made.prefixlen == PREFIX


def test_the_same_preview_asks_for_the_same_one_first() -> None:
    assert free_subnet("main-shop", []) == free_subnet("main-shop", [])
    assert free_port("main-shop", set()) == free_port("main-shop", set())


def test_previews_start_at_places_of_their_own() -> None:
    """Two that come up at the same moment should not ask for the same one."""
    names = [f"branch-{number}" for number in range(20)]
    assert len({free_subnet(name, []) for name in names}) > 15
    assert len({free_port(name, set()) for name in names}) > 15


def test_a_taken_one_is_passed_over() -> None:
    first = free_subnet("main-shop", [])
    second = free_subnet("main-shop", [first])
    assert not IPv4Network(first).overlaps(IPv4Network(second))


@pytest.mark.parametrize("prefix", [16, 20, 24, 26, 28, 32])
def test_an_overlap_counts_whichever_is_larger(prefix: int) -> None:
    first = IPv4Network(free_subnet("main-shop", []))
    used = first.supernet(new_prefix=prefix) if prefix < PREFIX else next(first.subnets(new_prefix=prefix))
    if prefix == 16:
        with pytest.raises(MachineError):
            free_subnet("main-shop", [str(used)])
    else:
        assert not IPv4Network(free_subnet("main-shop", [str(used)])).overlaps(used)


def test_what_is_elsewhere_does_not_count() -> None:
    elsewhere = ["172.17.0.0/16", "192.168.1.7/24", "0.0.0.0/32", "fd00::/64", "::/0"]
    assert free_subnet("main-shop", elsewhere) == free_subnet("main-shop", [])


def test_a_pool_is_used_to_its_end() -> None:
    used: list[str] = []
    for number in range(4):
        used.append(free_subnet(f"branch-{number}", used, SMALL))
    assert sorted(used) == ["10.9.0.0/26", "10.9.0.128/26", "10.9.0.192/26", "10.9.0.64/26"]
    with pytest.raises(MachineError) as raised:
        free_subnet("one-more", used, SMALL)
    assert str(raised.value) == (
        "no free subnet is left in 10.9.0.0/24 (4 in all)\n"
        "    remove previews that are no longer needed (`galley ls`), "
        "or set galley:subnetPool to a larger range"
    )
    assert raised.value.exit_code == 3


@pytest.mark.parametrize("pool", ["10.9.0.0/30", "10.9.0.1/24", "fd00::/48", "nonsense", ""])
def test_a_pool_that_is_none(pool: str) -> None:
    with pytest.raises(UsageError, match="is no range of IPv4 addresses with room for a preview") as raised:
        free_subnet("main-shop", [], pool)
    assert raised.value.exit_code == 2


@given(st.lists(st.integers(0, 1023), max_size=60), st.text(max_size=20))
def test_never_one_that_is_used(indices: list[int], preview: str) -> None:
    used = [str(IPv4Network((int(POOL.network_address) + index * 64, 26))) for index in indices]
    made = IPv4Network(free_subnet(preview, used))
    assert made.subnet_of(POOL)
    assert not any(made.overlaps(IPv4Network(one)) for one in used)


def test_a_port_of_the_range() -> None:
    assert free_port("main-shop", set()) in PORTS


def test_a_taken_port_is_passed_over() -> None:
    first = free_port("main-shop", set())
    assert free_port("main-shop", {first}) == (first + 1 if first + 1 in PORTS else PORTS.start)


def test_the_search_goes_round() -> None:
    assert free_port("main-shop", set(PORTS) - {PORTS.start}) == PORTS.start


def test_no_port_is_left() -> None:
    with pytest.raises(MachineError) as raised:
        free_port("main-shop", set(PORTS))
    assert str(raised.value).startswith("no free port is left between 20000 and 29999")
