"""Under which hosts a preview and its services answer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley_iac.plan.identity import Identity
from galley_iac.plan.preview import Address, Layout, Preview, behind_edge
from galley_iac.plan.values import Open

SERVICES = st.from_regex(r"[a-z][a-z0-9-]{0,39}", fullmatch=True)
BRANCHES = st.text(min_size=1, max_size=60)
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def preview(branch: str = "main", address: Address | None = None) -> Preview:
    return Preview(Identity("shop", branch=branch), address or Address())


def flat(branch: str = "main") -> Preview:
    return preview(branch, behind_edge("preview.example"))


def nested(branch: str = "main") -> Preview:
    return preview(branch, behind_edge("preview.example", Layout.NESTED))


def test_bare_host() -> None:
    assert preview().host == "main-shop.localhost"
    assert flat("feature/x").host == "feature-x-shop-8ihvv.preview.example"


def test_nested() -> None:
    assert preview().service_host("api") == "api.main-shop.localhost"
    assert nested().service_host("api") == "api.main-shop.preview.example"


def test_flat_is_the_layout_behind_an_edge() -> None:
    assert behind_edge("preview.example").layout is Layout.FLAT
    assert flat().service_host("api") == "api--main-shop.preview.example"


def test_flat_needs_one_wildcard_only() -> None:
    below = [flat().host, flat().service_host("api")]
    assert [host.removesuffix(".preview.example").count(".") for host in below] == [0, 0]


def test_a_long_service_is_cut_and_hashed() -> None:
    long = flat("a" * 60)
    label = long.service_host("b" * 40).partition(".")[0]
    assert len(label) == 63
    assert re.fullmatch("b{15}-[0-9a-z]{5}--" + re.escape(long.name), label)


def test_services_that_are_cut_alike_stay_apart() -> None:
    long = flat("a" * 60)
    hosts = {long.service_host("b" * 38 + end) for end in ("aa", "ab", "a-", "a")}
    assert len(hosts) == 4


@given(BRANCHES, SERVICES)
def test_the_preview_can_be_read_from_a_flat_label(branch: str, service: str) -> None:
    """An edge router finds the preview's own router by what follows the last ``--``."""
    made = flat(branch)
    label = made.service_host(service).partition(".")[0]
    assert LABEL.fullmatch(label)
    assert label.rpartition("--")[2] == made.name
    assert label.count("--") == 1


@given(BRANCHES, SERVICES)
def test_every_label_of_a_nested_host_is_valid(branch: str, service: str) -> None:
    for label in nested(branch).service_host(service).split("."):
        assert LABEL.fullmatch(label)


@given(SERVICES, SERVICES, st.sampled_from([flat, nested]))
def test_no_two_services_share_a_host(one: str, other: str, made: Callable[[str], Preview]) -> None:
    hosts = (made("a" * 60).service_host(one), made("a" * 60).service_host(other))
    assert (hosts[0] == hosts[1]) == (one == other)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (Address(), "http://h:<router-port>"),
        (Address(port=8080), "http://h:8080"),
        (Address(port=80), "http://h"),
        (Address(scheme="https", port=80), "https://h:80"),
        (Address(scheme="https", port=443), "https://h"),
        (behind_edge("preview.example"), "https://h"),
        (behind_edge("preview.example", scheme="http"), "http://h"),
    ],
)
def test_url(address: Address, expected: str) -> None:
    assert str(address.url("h")) == expected


def test_the_port_is_left_open_where_only_the_target_knows_it() -> None:
    assert Address().url("h").parts == ("http://h", ":", Open.ROUTER_PORT)
    assert Address().url("h").render(lambda _part: "23456") == "http://h:23456"
