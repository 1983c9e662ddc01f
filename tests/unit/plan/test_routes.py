"""Which services answer from outside, and under which hosts."""

from __future__ import annotations

import pytest

from galley_iac.plan.model import Route
from galley_iac.plan.preview import Address, Layout, behind_edge
from tests.unit.plan.support import plan, services

EDGE = behind_edge("preview.example")


def routes(text: str, address: Address = EDGE) -> dict[str, Route]:
    return {route.service: route for route in plan(services(text), address=address).routes}


def test_only_web_and_api_have_routes() -> None:
    kinds = ("web", "api", "worker", "database", "cache", "queue", "other")
    text = "\n".join(f"{kind}: {{kind: {kind}, image: x, expose: 80}}" for kind in kinds)
    assert sorted(routes(text)) == ["api", "web"]


def test_the_only_web_has_the_bare_host_first_and_its_own() -> None:
    made = routes("shop: {kind: web, image: x, expose: 3000}\napi: {kind: api, image: x, expose: 8000}")
    assert made["shop"].hosts == ("main-shop.preview.example", "shop--main-shop.preview.example")
    assert made["api"].hosts == ("api--main-shop.preview.example",)
    assert (made["shop"].port, made["api"].port) == (3000, 8000)


def test_an_only_api_has_no_bare_host() -> None:
    assert routes("api: {kind: api, image: x, expose: 80}")["api"].hosts == (
        "api--main-shop.preview.example",
    )


def test_two_webs_have_no_bare_host() -> None:
    made = routes("a: {kind: web, image: x, expose: 80}\nb: {kind: web, image: x, expose: 80}")
    hosts = [host for route in made.values() for host in route.hosts]
    assert hosts == ["a--main-shop.preview.example", "b--main-shop.preview.example"]


@pytest.mark.parametrize("layout", list(Layout))
def test_no_host_leads_to_two_services(layout: Layout) -> None:
    names = ["web", "web-a", "a", "a" * 40, "a" * 39 + "b", "main-shop"]
    text = "\n".join(f"{name}: {{kind: api, image: x, expose: 80}}" for name in names)
    made = routes(text + "\nonly: {kind: web, image: x, expose: 80}", behind_edge("preview.example", layout))
    hosts = [host for route in made.values() for host in route.hosts]
    assert len(set(hosts)) == len(hosts) == len(names) + 2


def test_the_url_is_the_first_host_s() -> None:
    made = routes("web: {kind: web, image: x, expose: 80}", Address(port=8080))
    assert str(made["web"].url) == "http://main-shop.localhost:8080"


def test_by_name_whatever_the_manifest_s_order() -> None:
    text = "c: {kind: api, image: x, expose: 1}\na: {kind: web, image: x, expose: 2}"
    assert list(routes(text)) == ["a", "c"]


def test_no_route_no_router() -> None:
    made = plan(services("db: {kind: database, image: postgres:16}"))
    assert (made.routes, made.router) == ((), None)
