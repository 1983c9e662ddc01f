"""What an edge consists of, and what of it a preview's router takes part in."""

from __future__ import annotations

import json
from typing import Any

from galley_iac.edge.access import Access, Guard
from galley_iac.edge.model import Certificates, Edge, Issuer
from galley_iac.plan.settings import Settings
from galley_iac.targets.docker import declare
from galley_iac.targets.docker import edge as edges
from tests.program.docker_mocks import ENGINE, ROOT, SECRETS, FakeDocker, declared, facts
from tests.program.recording import Registered, Run, Secret, record
from tests.unit.plan.support import plan, services

WEB = services("web: {kind: web, image: 'nginx:1', expose: 80}")
KEY = "-----BEGIN PRIVATE KEY-----\nnever shown\n"
OWN = edges.Files(certificate="-----BEGIN CERTIFICATE-----\n", key=KEY)


def run(edge: Edge, files: edges.Files | None = None) -> Run:
    done = record(
        lambda: edges.declare(edge, files or edges.Files(), "10.214.0.0/22", ENGINE),
        FakeDocker(),
        stack="main",
    )
    assert done.error is None
    return done


def uploads(container: Registered) -> dict[str, Any]:
    return {one["file"]: one["content"] for one in container.inputs["uploads"]}


def test_an_edge_is_a_network_a_volume_and_a_container() -> None:
    made = run(Edge(("p.example.com",)))
    objects = [*made.of("Network"), *made.of("Volume"), *made.of("Container")]
    assert [one.name for one in objects] == ["network", "data", "edge"]
    assert {one.parent for one in objects} == {"Edge main"}
    for one in objects:
        own = {entry["label"]: entry["value"] for entry in one.inputs["labels"]}
        assert own["galley.edge"] == "main"
        assert "galley.preview" not in own, "no preview's: neither `ls` nor `gc` counts it"


def test_an_edge_has_its_two_ports_and_no_socket() -> None:
    (container,) = run(Edge(("p.example.com",), bind="192.0.2.1", https_port=8443)).of("Container")
    assert [(one["internal"], one["external"], one["ip"]) for one in container.inputs["ports"]] == [
        (80, 80, "192.0.2.1"),
        (443, 8443, "192.0.2.1"),
    ]
    assert [one["containerPath"] for one in container.inputs["volumes"]] == ["/data"]
    assert "mounts" not in container.inputs
    assert container.inputs["securityOpts"] == ["no-new-privileges:true"]
    assert container.inputs["capabilities"]["drops"] == ["ALL"]


def test_the_edge_s_address_is_said_on_its_network() -> None:
    made = run(Edge(("p.example.com",)))
    (network,), (container,) = made.of("Network"), made.of("Container")
    said = {entry["label"]: entry["value"] for entry in network.inputs["labels"]}["galley.edge.address"]
    assert said == "10.214.3.254"
    assert container.inputs["networksAdvanced"][0]["ipv4Address"] == said


def test_a_private_key_is_a_secret() -> None:
    own = Edge(("p.example.com",), certificates=Certificates(Issuer.OWN))
    (container,) = run(own, OWN).of("Container")
    assert uploads(container)["/etc/caddy/key.pem"] == Secret(KEY)
    assert "uploads" in container.options["additionalSecretOutputs"]


def test_a_router_joins_the_edge_s_network_by_the_preview_s_name() -> None:
    made = plan(WEB, settings=Settings(edge="main"))
    (network,), (web, router) = (
        (done := declared(made, found=facts(made, edge_address="10.214.3.254"))).of("Network"),
        sorted(done.of("Container"), key=lambda one: one.name != "web"),
    )
    private, shared = router.inputs["networksAdvanced"]
    assert private["name"] == network.inputs["name"]
    assert shared == {"name": "galley-edge.main", "aliases": [f"{made.name}.galley.invalid"]}
    assert len(web.inputs["networksAdvanced"]) == 1, "a service is on its preview's network alone"
    config = json.loads(uploads(router)["/etc/caddy/galley.json"])
    trusted = config["apps"]["http"]["servers"]["preview"]["trusted_proxies"]
    assert trusted["ranges"] == ["10.214.3.254"]


def test_what_opens_a_preview_is_a_secret_file_of_its_router() -> None:
    made = plan(WEB, settings=Settings(guard=Guard(Access.BASIC, users=("alice",))))
    values = {**SECRETS, "user.alice": "$2a$14$hash"}
    done = record(lambda: declare(made, facts(made), values, ROOT, ENGINE), FakeDocker(), stack=made.name)
    assert done.error is None
    (router,) = [one for one in done.of("Container") if one.name == "router"]
    assert uploads(router)["/etc/caddy/access/user.alice.txt"] == Secret("$2a$14$hash")
    assert "uploads" in router.options["additionalSecretOutputs"]
    assert len(router.inputs["networksAdvanced"]) == 1
