"""Previews behind an edge, and who may enter them: settings, and what of them reaches the plan."""

from __future__ import annotations

import json
from typing import Any

import pytest

from galley_iac.edge.access import Access, Guard
from galley_iac.errors import UsageError
from galley_iac.plan.model import Plan
from galley_iac.plan.render import as_data, fingerprint
from galley_iac.plan.router import caddy_config, trusting
from galley_iac.plan.settings import Settings, make_settings
from tests.unit.plan.support import plan, services

BEHIND = {"domain": "p.example.com", "edge": "main"}
USERS = frozenset({"user.alice", "token"})


def settings(names: frozenset[str] = frozenset(), **texts: str) -> Settings:
    return make_settings(texts, {}, frozenset(), names)


def test_the_address_has_the_edge_s_port() -> None:
    assert settings(**BEHIND).address.port is None
    assert settings(**BEHIND, edgePort="8443").address.port == 8443
    assert settings(**BEHIND).edge == "main"


def test_an_edge_without_a_domain_is_refused() -> None:
    with pytest.raises(UsageError, match="needs a domain"):
        settings(edge="main")


@pytest.mark.parametrize("name", ["edge", "access"])
def test_a_cluster_has_other_ways(name: str) -> None:
    texts = {"target": "kubernetes", "registry": "r.example", **BEHIND, "access": "basic"}
    texts = {key: text for key, text in texts.items() if key in (name, "target", "registry", "domain")}
    with pytest.raises(UsageError, match=f"{name} is for previews on Docker"):
        settings(USERS, **texts)


def test_access_that_nobody_would_have_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no user"):
        settings(access="basic")
    with pytest.raises(UsageError, match="the list is empty"):
        settings(USERS, access="allowlist")


def test_who_may_enter() -> None:
    assert settings(USERS, access="basic").guard == Guard(Access.BASIC, users=("alice",), token=True)
    listed = settings(access="allowlist", allowlist="192.0.2.7").guard
    assert listed == Guard(Access.ALLOWLIST, allowed=("192.0.2.7/32",))


def planned(**more: Any) -> Plan:
    return plan(services("web: {kind: web, image: 'nginx:1', expose: 80}"), settings=Settings(**more))


def config(made: Plan) -> str:
    assert made.router
    return made.router.config


def test_without_an_edge_a_plan_is_what_it_was() -> None:
    """An ephemeral database's volume is named by the plan's fingerprint: a new field must not change it."""
    plain = planned()
    assert config(plain) == caddy_config(plain.name, plain.routes)
    assert set(as_data(plain)["router"]) == {"image", "config"}
    assert plain.router
    assert repr(plain.router) == f"Router(image={plain.router.image!r}, config={config(plain)!r})"


def test_access_is_part_of_the_plan_but_no_secret_is() -> None:
    guarded = planned(guard=Guard(Access.BASIC, users=("alice",)))
    assert fingerprint(guarded) != fingerprint(planned())
    assert guarded.router
    assert guarded.router.secrets == ("user.alice",)


def test_behind_an_edge_a_router_says_which_hosts_it_knows() -> None:
    made = planned(edge="main")
    servers = json.loads(config(made))["apps"]["http"]["servers"]
    yes, no = servers["known"]["routes"]
    assert yes["match"][0]["host"] == [host for route in made.routes for host in route.hosts]
    assert no["handle"][0]["status_code"] == 404


def test_only_the_edge_is_believed() -> None:
    made = planned(edge="main")
    told = json.loads(trusting(config(made), "10.214.0.2"))
    server = told["apps"]["http"]["servers"]["preview"]
    assert server["trusted_proxies"] == {"source": "static", "ranges": ["10.214.0.2"]}
    assert "trusted_proxies" not in told["apps"]["http"]["servers"]["known"]
