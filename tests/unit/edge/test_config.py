"""The edge's configuration: what leads where, and that nothing in it changes with a preview."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from galley_iac.edge import names
from galley_iac.edge.config import caddy_config
from galley_iac.edge.model import Certificates, Edge, Issuer

ACME = Certificates(Issuer.ACME, "https://ca.example/directory", "ops@example.com", private_root=True)


def config(domains: tuple[str, ...] = ("p.example.com",), **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(caddy_config(Edge(domains, **more)))
    return found


def servers(**more: Any) -> dict[str, Any]:
    found: dict[str, Any] = config(**more)["apps"]["http"]["servers"]
    return found


def preview_of(host: str, domains: tuple[str, ...] = ("p.example.com",)) -> str | None:
    """The name that the edge takes out of a host."""
    route = config(domains)["apps"]["http"]["servers"]["edge"]["routes"][1]
    ((_, matcher),) = route["match"][0]["vars_regexp"].items()
    found = re.match(matcher["pattern"], host)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("host", "preview"),
    [
        ("main-shop.p.example.com", "main-shop"),
        ("api--main-shop.p.example.com", "main-shop"),
        ("api-v2--main-shop.p.example.com", "main-shop"),
        ("a--b--pr-12-shop.p.example.com", "pr-12-shop"),
        ("api.main-shop.p.example.com", "main-shop"),
        ("p.example.com", None),
        ("main-shop.other.example.com", None),
        ("main-shopxp.example.com", None),
        ("a.b.main-shop.p.example.com", None),
        ("main_shop.p.example.com", None),
        ("{env.PATH}.p.example.com", None),
        ("main-shop.p.example.com.evil.test", None),
    ],
)
def test_the_preview_in_a_host(host: str, preview: str | None) -> None:
    assert preview_of(host) == preview


def test_several_domains() -> None:
    domains = ("p.example.com", "q.example.org")
    assert preview_of("main.q.example.org", domains) == "main"
    assert preview_of("main.q.example.com", domains) is None


def test_a_router_is_found_by_a_name_that_nobody_outside_can_have() -> None:
    assert names.alias("main-shop") == "main-shop.galley.invalid"
    (proxy,) = servers()["edge"]["routes"][1]["handle"]
    assert proxy["upstreams"] == [{"dial": "{http.regexp.host.1}.galley.invalid:80"}]


def test_there_is_no_admin_api_and_nothing_to_reload() -> None:
    assert config()["admin"] == {"disabled": True, "config": {"persist": False}}


def test_no_index_is_said_last_and_also_of_errors() -> None:
    edge = servers()["edge"]
    for route in (edge["routes"][0], edge["errors"]["routes"][0]):
        said = route["handle"][0]["response"]
        assert said == {"deferred": True, "set": {"X-Robots-Tag": ["noindex"]}}


@pytest.mark.parametrize(("port", "shown"), [(443, ""), (8443, ":8443")])
def test_http_leads_to_the_port_for_https(port: int, shown: str) -> None:
    (page,) = servers(https_port=port)["plain"]["routes"][0]["handle"]
    assert page["headers"]["Location"] == [f"https://{{http.request.host}}{shown}{{http.request.uri}}"]


@pytest.mark.parametrize("certificates", [Certificates(), ACME])
def test_a_certificate_is_made_only_for_a_host_that_a_router_knows(certificates: Certificates) -> None:
    automation = config(certificates=certificates)["apps"]["tls"]["automation"]
    assert automation["on_demand"]["permission"]["endpoint"] == "http://127.0.0.1:2020/"
    ask = servers(certificates=certificates)["ask"]
    assert ask["listen"] == ["127.0.0.1:2020"]
    (proxy,) = ask["routes"][0]["handle"]
    assert proxy["upstreams"] == [{"dial": "{http.regexp.host.1}.galley.invalid:2021"}]
    assert proxy["headers"]["request"]["set"]["Host"] == ["{http.request.uri.query.domain}"]
    assert ask["routes"][1]["handle"][0]["status_code"] == 404


def test_the_internal_authority_makes_one_for_all_hosts_beforehand() -> None:
    tls = config()["apps"]["tls"]
    assert tls["certificates"]["automate"] == ["p.example.com", "*.p.example.com"]
    assert [one["issuers"][0]["module"] for one in tls["automation"]["policies"]] == ["internal", "internal"]
    assert "on_demand" not in tls["automation"]["policies"][0]


def test_a_certificate_of_one_s_own_is_all_there_is() -> None:
    found = config(certificates=Certificates(Issuer.OWN))
    assert set(found["apps"]["tls"]) == {"certificates"}
    assert "ask" not in found["apps"]["http"]["servers"]
    assert "pki" not in found["apps"]


def test_an_authority_that_is_named() -> None:
    (policy,) = config(certificates=ACME)["apps"]["tls"]["automation"]["policies"]
    assert policy["on_demand"] is True
    assert policy["issuers"] == [
        {
            "module": "acme",
            "ca": "https://ca.example/directory",
            "email": "ops@example.com",
            "trusted_roots_pem_files": ["/etc/caddy/acme-ca.pem"],
        }
    ]


@pytest.mark.parametrize("text", ["main", "a-1", "e"])
def test_an_edge_s_name(text: str) -> None:
    assert names.read(text) == text


@pytest.mark.parametrize("text", ["", "-a", "a-", "A", "a.b", "a" * 33])
def test_no_edge_s_name(text: str) -> None:
    assert names.read(text) is None
