"""The router's configuration: what leads where, and that no name in it can be read as anything but a name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from galley_iac.plan.model import Route
from galley_iac.plan.preview import behind_edge
from galley_iac.plan.router import LISTEN_PORT, caddy_config
from galley_iac.plan.values import Value, text
from tests.unit.plan.support import plan, services

WEB = Route("web", ("p.example", "web--p.example"), 3000, text("https://p.example"))
API = Route("api", ("api--p.example",), 8000, text("https://api--p.example"))


def server(*routes: Route, preview: str = "p") -> dict[str, Any]:
    config: dict[str, Any] = json.loads(caddy_config(preview, routes))
    return dict(config["apps"]["http"]["servers"]["preview"])


def test_one_entry_per_route_and_a_fallback() -> None:
    first, second, fallback = server(WEB, API)["routes"]
    assert first["match"] == [{"host": ["p.example", "web--p.example"]}]
    assert second["match"] == [{"host": ["api--p.example"]}]
    assert "match" not in fallback


def test_a_host_leads_to_its_service_and_no_further() -> None:
    first = server(WEB, API)["routes"][0]
    (proxy,) = first["handle"]
    assert (proxy["handler"], proxy["upstreams"]) == ("reverse_proxy", [{"dial": "web:3000"}])
    assert first["terminal"] is True


def test_answers_are_passed_on_as_they_come() -> None:
    """Server-sent events and long polls would wait in a buffer."""
    assert server(WEB)["routes"][0]["handle"][0]["flush_interval"] == -1


def test_a_request_waits_while_a_container_is_replaced() -> None:
    assert server(WEB)["routes"][0]["handle"][0]["load_balancing"] == {"try_duration": "5s"}


def test_the_fallback_names_what_there_is() -> None:
    (page,) = server(WEB, API)["routes"][-1]["handle"]
    assert page["status_code"] == 404
    assert page["body"].splitlines()[1:] == ["  p.example", "  web--p.example", "  api--p.example"]
    assert page["headers"]["Content-Type"] == ["text/plain; charset=utf-8"]


def test_the_fallback_repeats_nothing_of_the_request() -> None:
    assert "{" not in server(WEB)["routes"][-1]["handle"][0]["body"]


def test_what_runs_in_the_preview_cannot_change_the_router() -> None:
    config = json.loads(caddy_config("p", [WEB]))
    assert config["admin"] == {"disabled": True, "config": {"persist": False}}


def test_it_asks_nobody_for_certificates() -> None:
    made = server(WEB)
    assert made["automatic_https"] == {"disable": True}
    assert made["listen"] == [f":{LISTEN_PORT}"]


def test_the_same_routes_give_the_same_text() -> None:
    assert caddy_config("p", [WEB, API]) == caddy_config("p", (WEB, API))


@pytest.mark.parametrize("hostile", ['"},{"handler":"x', "\n}", "\\", "*", "a b", "\u2028"])
def test_a_name_stays_a_name(hostile: str) -> None:
    """JSON is written by a serialiser, so whatever a name holds it ends where it ends."""
    route = Route(hostile, (hostile,), 80, Value())
    made = server(route, preview=hostile)
    assert len(made["routes"]) == 2
    assert made["routes"][0]["match"] == [{"host": [hostile]}]
    assert made["routes"][0]["handle"][0]["upstreams"] == [{"dial": f"{hostile}:80"}]


def test_the_plan_s_router_has_the_plan_s_routes() -> None:
    manifest = services("web: {kind: web, image: x, expose: 80}\nworker: {kind: worker, image: x}")
    made = plan(manifest, address=behind_edge("preview.example"))
    assert made.router is not None
    assert made.router.config == caddy_config("main-shop", made.routes)
    assert made.router.image.reference == "caddy:2-alpine"
    assert "worker" not in made.router.config
