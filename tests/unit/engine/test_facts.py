"""What of a plan only the engine can tell: kept from the living preview, else chosen."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Network
from typing import Any

import pytest

from galley_iac.engine import host, labels
from galley_iac.engine.facts import Facts, gather, present
from galley_iac.engine.free import DEFAULT_POOL, PORTS, free_port, free_subnet
from galley_iac.errors import UsageError
from galley_iac.plan.identity import Identity
from galley_iac.plan.model import BuiltImage, PulledImage
from tests.unit.engine.support import FakeClient, info, network_info
from tests.unit.plan.support import plan, services, whole_plan

PLAN = whole_plan()
OWN = dict(PLAN.labels)


@pytest.fixture(autouse=True)
def _a_host_without_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "routed_subnets", list)


def own(service: str, role: str, **more: str) -> dict[str, str]:
    return {**OWN, labels.SERVICE: service, labels.ROLE: role, **more}


def facts(**objects: Any) -> Facts:
    return gather(FakeClient(**objects), PLAN)


def test_a_new_preview() -> None:
    made = facts()
    assert IPv4Network(made.subnet).subnet_of(IPv4Network(DEFAULT_POOL))
    assert made.router_port in PORTS
    assert (made.built, made.runs) == (frozenset(), {})


def test_a_living_preview_keeps_its_subnet() -> None:
    """Another one would replace every container."""
    assert facts(networks=[network_info(PLAN.name, OWN, "10.1.2.0/24")]).subnet == "10.1.2.0/24"


def test_a_subnet_that_another_network_has_is_not_taken() -> None:
    first = free_subnet(PLAN.name, [])
    made = facts(networks=[network_info("other", {}, first), network_info("host", {})])
    assert not IPv4Network(made.subnet).overlaps(IPv4Network(first))


def test_a_subnet_that_the_host_routes_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    first = free_subnet(PLAN.name, [])
    monkeypatch.setattr(host, "routed_subnets", lambda: [first])
    assert facts().subnet != first


def test_a_project_s_own_pool() -> None:
    assert gather(FakeClient(), PLAN, "192.168.240.0/26").subnet == "192.168.240.0/26"


def router(port: int, status: str = "running") -> dict[str, Any]:
    entry = info(f"{PLAN.name}.router", own("router", "router"), Status=status)
    bindings = {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}
    return {**entry, "HostConfig": {"PortBindings": bindings}}


def test_a_living_router_keeps_its_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert facts(containers=[router(port)]).router_port == port, "it is the router that listens"


def test_a_stopped_router_keeps_its_port_while_it_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert facts(containers=[router(port, "exited")]).router_port != port
    assert facts(containers=[router(port, "exited")]).router_port == port


def test_a_port_that_another_container_has_is_not_taken() -> None:
    first = free_port(PLAN.name, set())
    other = {**info("other", {}), "Ports": [{"PublicPort": first}, {"PrivatePort": 80}]}
    assert facts(containers=[other]).router_port != first


def test_a_port_that_something_listens_on_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    first = free_port(PLAN.name, set())
    monkeypatch.setattr(host, "is_free", lambda port: port != first)
    assert facts().router_port == free_port(PLAN.name, {first})


def test_which_images_are_there() -> None:
    wanted = [BuiltImage("a", "galley-shop:1", ".", "Dockerfile"), PulledImage("postgres:16-alpine")]
    client = FakeClient(
        images=[
            {"Id": "1", "RepoTags": ["galley-shop:1", "galley-shop:2"]},
            {"Id": "2", "RepoTags": None},
            {"Id": "3", "RepoTags": ["redis:7-alpine"]},
        ]
    )
    assert present(client, wanted) == {"galley-shop:1"}
    assert present(client, []) == frozenset()


def test_built_images_that_are_there_are_not_built() -> None:
    tag = PLAN.built_images[0].tag
    assert facts(images=[{"Id": "1", "RepoTags": [tag]}]).built == {tag}


def test_only_a_run_that_succeeded_is_not_run_again() -> None:
    found = facts(
        containers=[
            info("1", own("migrate", "job", **{labels.RUN: "good"}), Status="exited"),
            info("2", own("api", "probe", **{labels.RUN: "bad"}), Status="exited", ExitCode=1),
            info("3", own("web", "probe", **{labels.RUN: "cut"}), Status="running"),
            info("4", own("db", "service"), Status="exited"),
        ]
    )
    assert found.runs == {("migrate", "job"): "good"}
    assert found.run("migrate", "job") == "good"


def test_a_run_that_did_not_is_new_every_time() -> None:
    labelled = {Facts("10.0.0.0/26", 1).run("api", "probe") for _ in range(5)}
    assert len(labelled) == 5
    assert all(re.fullmatch("[0-9a-f]{8}", run) for run in labelled)


def test_a_preview_of_another_repository_is_refused() -> None:
    foreign = {**OWN, labels.IDENTITY: Identity("shop", branch="main", owner="other").digest()}
    with pytest.raises(UsageError) as raised:
        facts(networks=[network_info(PLAN.name, foreign, "10.1.2.0/24")])
    assert str(raised.value) == (
        "preview main-shop already belongs to another branch, pull request or repository "
        "than branch main of git.example/acme/shop\n"
        "    set another project name (`--project`), or take that preview down first (`galley down --name`)"
    )


def test_two_projects_whose_names_run_together_are_told_apart() -> None:
    """`a-b` of `c` and `a` of `b-c` have one name; the identity keeps the second one out."""
    one, other = (Identity("c", branch="a-b"), Identity("b-c", branch="a"))
    manifest = services("a: {kind: worker, image: x}")
    first, second = (plan(manifest, identity) for identity in (one, other))
    assert first.name == second.name
    with pytest.raises(UsageError, match="already belongs to another"):
        gather(FakeClient(networks=[network_info(first.name, first.labels)]), second)
