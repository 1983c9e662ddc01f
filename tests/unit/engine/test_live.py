"""What is read from the engine, and what is left out."""

from __future__ import annotations

from typing import Any

from docker.errors import NotFound

from galley_iac.engine import labels
from galley_iac.engine.live import Live, observe, observe_all
from tests.unit.engine.support import FakeClient, container, info, live, network, network_info, probe, router

OWN = {labels.PREVIEW: "p", labels.PROJECT: "shop", labels.SERVICE: "api", labels.ROLE: "service"}
VOLUME = {"Name": "p.db", "Labels": {labels.PREVIEW: "p"}}
FOREIGN = {labels.PREVIEW: "p-2"}


def only(preview: str = "p", **objects: Any) -> Any:
    (found,) = observe(FakeClient(**objects), preview).containers
    return found


def test_a_container() -> None:
    own = {**OWN, labels.KIND: "api", labels.PORT: "8000", labels.RUN: "r1", labels.IMAGE: "acme/api:1"}
    entry = info("p.api", own, Status="exited", ExitCode=3, OOMKilled=True, Error="no")
    found = only(containers=[{**entry, "RestartCount": 2}])
    assert (found.id, found.name, found.service, found.role) == ("id-p.api", "p.api", "api", "service")
    assert (found.state, found.exit_code, found.restarts, found.oom_killed) == ("exited", 3, 2, True)
    assert (found.kind, found.exposed, found.run, found.error) == ("api", 8000, "r1", "no")
    assert (found.image, found.image_name, found.restart) == ("sha256:1", "acme/api:1", "no")


def test_the_networks_that_a_container_is_on() -> None:
    joined = {**info("p.api", OWN), "NetworkSettings": {"Networks": {"p": {}, "edge": {}}}}
    alone = {**info("p.db", OWN), "NetworkSettings": {"Networks": {}}}
    found = observe(FakeClient(containers=[joined, alone, info("p.web", OWN)]), "p").containers
    assert [one.networks for one in found] == [{"p", "edge"}, frozenset(), None]


def test_a_container_with_hardly_any_labels() -> None:
    found = only(containers=[info("p.x", {labels.PREVIEW: "p"})])
    assert (found.service, found.role, found.kind, found.exposed, found.urls) == ("", "", "", None, {})


def test_published_ports_of_a_stopped_container_too() -> None:
    bindings = {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "20001"}], "81/tcp": [], "82/tcp": None}
    entry = {**info("p.router", OWN, Status="exited"), "HostConfig": {"PortBindings": bindings}}
    assert only(containers=[entry]).ports == {80: 20001}


def test_an_image_has_the_project_s_own_name_first() -> None:
    tags = ["galley-other:1", "a:1", "galley-shop:1"]
    found = only(containers=[info("p.api", OWN)], images=[{"Id": "sha256:1", "RepoTags": tags}])
    assert found.image_name == "galley-shop:1"


def test_an_image_without_a_name_or_that_is_gone_has_its_id() -> None:
    assert (
        only(containers=[info("p.api", OWN)], images=[{"Id": "sha256:1", "RepoTags": None}]).image_name
        == "sha256:1"
    )
    assert only(containers=[info("p.api", OWN)]).image_name == "sha256:1"


def test_urls_of_the_router() -> None:
    own = {**OWN, labels.ROLE: "router", labels.URLS: '{"api": "http://x"}'}
    assert observe(FakeClient(containers=[info("p.router", own)]), "p").urls == {"api": "http://x"}


def test_a_network() -> None:
    own = {labels.PREVIEW: "p"}
    entry = network_info("p", own, "10.213.0.0/26", "fd00::/64", attached=["p.web", "p.api"])
    (found,) = observe(FakeClient(networks=[entry]), "p").networks
    assert found.subnets == ("10.213.0.0/26", "fd00::/64")
    assert found.attached == ("p.api", "p.web")
    assert found.labels == own


def test_a_network_without_any_configuration() -> None:
    entry = {**network_info("p", {labels.PREVIEW: "p"}), "IPAM": {"Config": None}, "Containers": None}
    (found,) = observe(FakeClient(networks=[entry]), "p").networks
    assert (found.subnets, found.attached) == ((), ())


def test_only_what_carries_the_preview_s_label() -> None:
    client = FakeClient(
        containers=[info("p.api", OWN), info("p-2.api", FOREIGN), info("nobody", {})],
        networks=[network_info("p-2", FOREIGN), network_info("bridge", {})],
        volumes=[VOLUME, {"Name": "other", "Labels": None}],
    )
    assert observe(client, "p").describe() == ["container p.api (running)", "volume p.db"]
    assert not observe(client, "p-3")


def test_all_previews() -> None:
    client = FakeClient(
        containers=[info("p.api", OWN), info("nobody", {})],
        networks=[network_info("n", {labels.PREVIEW: "only-a-network"})],
        volumes=[{"Name": "v", "Labels": {labels.PREVIEW: "only-a-volume"}}],
    )
    found = observe_all(client)
    assert list(found) == ["only-a-network", "only-a-volume", "p"]
    assert [one.describe() for one in found.values()] == [
        ["network n"],
        ["volume v"],
        ["container p.api (running)"],
    ]


def test_what_goes_away_while_one_looks_is_not_there() -> None:
    """`up` looks while containers and the network are being replaced."""
    client = FakeClient(
        containers=[info("p.api", OWN), info("p.web", OWN)],
        networks=[network_info("p", {labels.PREVIEW: "p"})],
    )

    def gone(identifier: str) -> Any:
        raise NotFound(identifier)

    client.api.inspect_network = gone  # type: ignore[method-assign]
    seen = client.api.inspect_container
    client.api.inspect_container = lambda one: gone(one) if one == "id-p.web" else seen(one)  # type: ignore[method-assign]
    assert observe(client, "p").describe() == ["container p.api (running)"]


def test_the_containers_of_a_service() -> None:
    found = live(probe("api"), container("api"), router())
    assert found.container("api") == container("api")
    assert found.container("api", labels.ROLE_PROBE) == probe("api")
    assert found.container("router") is None
    assert found.container("router", labels.ROLE_ROUTER) == router()


def test_ids_are_what_the_state_knows() -> None:
    found = Live((container(id="c"),), (network(id="n"),), ("p.db",))
    assert found.ids == {"c", "n", "p.db"}


def test_nothing_is_false() -> None:
    assert not Live()
    assert Live(volumes=("v",))
    assert Live(networks=(network(),))
