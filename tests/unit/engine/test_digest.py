"""What is a change of a preview's objects, and what only comes and goes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from galley_iac.engine.digest import digest
from galley_iac.engine.live import observe
from tests.unit.engine.support import FakeClient, info, network_info

Change = Callable[[dict[str, Any]], object]
VOLUME = {"Name": "p.db", "Labels": {"a": "b"}, "CreatedAt": "2026-01-31T12:00:00Z"}


def container(name: str = "p.api") -> dict[str, Any]:
    found = info(name)
    found["Config"]["Env"] = ["WORD=hello"]
    found["HostConfig"]["Memory"] = 1 << 20
    found["Mounts"] = [{"Name": "p.db", "Destination": "/data"}, {"Name": "p.tmp", "Destination": "/tmp"}]
    endpoint = {"NetworkID": "n", "EndpointID": "e", "IPAddress": "10.0.0.2", "Aliases": ["api", "0123"]}
    return {**found, "NetworkSettings": {"Networks": {"p": endpoint}}}


def joined() -> dict[str, Any]:
    return {**network_info("p", {"a": "b"}, "10.0.0.0/26", attached=["p.api"]), "Driver": "bridge"}


def changed(entry: dict[str, Any], change: Change) -> dict[str, Any]:
    other = copy.deepcopy(entry)
    change(other)
    assert other != entry, "the test changes nothing"
    return other


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(Id="another"),
        lambda one: one.update(Name="/renamed"),
        lambda one: one.update(Image="sha256:2"),
        lambda one: one["Config"].update(Env=["WORD=bye"]),
        lambda one: one["Config"].update(Labels={"galley.project": "other"}),
        lambda one: one["HostConfig"].update(Memory=2 << 20),
        lambda one: one["HostConfig"].update(RestartPolicy={"Name": "always"}),
        lambda one: one["Mounts"].pop(),
        lambda one: one["NetworkSettings"]["Networks"].clear(),
        lambda one: one["NetworkSettings"]["Networks"].update(other={"NetworkID": "m"}),
        lambda one: one["NetworkSettings"]["Networks"]["p"].update(Aliases=["db"]),
        lambda one: one["NetworkSettings"]["Networks"]["p"].update(NetworkID="made anew"),
    ],
)
def test_a_container_that_is_another(change: Change) -> None:
    assert digest([container()], [], []) != digest([changed(container(), change)], [], [])


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one["State"].update(StartedAt="2026-01-31T12:00:00Z", Pid=7, Status="exited"),
        lambda one: one.update(RestartCount=1),
        lambda one: one["Mounts"].reverse(),
        lambda one: one["NetworkSettings"]["Networks"]["p"].update(EndpointID="", IPAddress=""),
        lambda one: one["NetworkSettings"]["Networks"]["p"]["Aliases"].reverse(),
    ],
)
def test_a_container_that_is_the_same(change: Change) -> None:
    assert digest([container()], [], []) == digest([changed(container(), change)], [], [])


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.update(Id="another"),
        lambda one: one.update(Labels={}),
        lambda one: one.update(IPAM={"Config": [{"Subnet": "10.0.0.64/26"}]}),
        lambda one: one.update(Internal=True),
    ],
)
def test_a_network_that_is_another(change: Change) -> None:
    assert digest([], [joined()], []) != digest([], [changed(joined(), change)], [])


def test_who_is_attached_to_a_network_is_the_containers_own() -> None:
    assert digest([], [joined()], []) == digest(
        [], [changed(joined(), lambda one: one.pop("Containers"))], []
    )


def test_a_volume_that_was_made_anew() -> None:
    assert digest([], [], [VOLUME]) != digest([], [], [{**VOLUME, "CreatedAt": "2026-02-01T12:00:00Z"}])


def test_the_order_is_nothing_and_the_number_is() -> None:
    one, two = container("p.a"), container("p.b")
    assert digest([one, two], [], []) == digest([two, one], [], [])
    assert digest([one], [], []) != digest([one, two], [], [])


def test_what_is_observed_has_it() -> None:
    own = {"galley.preview": "p"}
    before = observe(FakeClient(containers=[info("p.api", own)]), "p").digest
    assert before
    assert before == observe(FakeClient(containers=[info("p.api", own), info("q.api", {})]), "p").digest
    assert before != observe(FakeClient(containers=[info("p.api", {**own, "more": "x"})]), "p").digest
