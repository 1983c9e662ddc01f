"""NetworkPolicies are enforced: each test shows first that the way is open, and then that it is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import NamedTuple

import pytest

from tests.cluster.harness import Space, until

MakeSpace = Callable[[], AbstractContextManager[Space]]
DNS = {
    "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}],
    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
}


class Scene(NamedTuple):
    """Two pods beside each other, and one in another namespace."""

    ours: Space
    theirs: Space

    def ways(self) -> dict[str, bool]:
        """Who reaches ``web``, by its address."""
        web = f"{self.ours.address('web')}:8000"
        return {
            "sibling": self.ours.reaches("sibling", web),
            "stranger": self.theirs.reaches("stranger", web),
        }

    def settles(self, sibling: bool, stranger: bool) -> bool:
        """Until just these reach it: a policy is in force a moment after it was made."""
        return bool(until(lambda: self.ways() == {"sibling": sibling, "stranger": stranger}))


@pytest.fixture(scope="module")
def pods(make_space: MakeSpace) -> Iterator[Scene]:
    """The pods of all tests here."""
    with ExitStack() as stack:
        scene = Scene(stack.enter_context(make_space()), stack.enter_context(make_space()))
        for name in ("web", "sibling"):
            scene.ours.server(name)
        scene.theirs.server("stranger")
        scene.ours.wait_for("web", "sibling")
        scene.theirs.wait_for("stranger")
        yield scene


@pytest.fixture
def scene(pods: Scene) -> Iterator[Scene]:
    """Without any policy, before and after."""
    assert pods.settles(sibling=True, stranger=True)
    yield pods
    pods.ours.networking.delete_collection_namespaced_network_policy(pods.ours.name)
    pods.theirs.networking.delete_collection_namespaced_network_policy(pods.theirs.name)


def test_a_closed_namespace_lets_siblings_in_and_strangers_not(scene: Scene) -> None:
    scene.ours.policy("closed", policyTypes=["Ingress"], ingress=[{"from": [{"podSelector": {}}]}])
    assert scene.settles(sibling=True, stranger=False)


def test_a_namespace_is_let_in_by_its_label(scene: Scene) -> None:
    their_label = {"namespaceSelector": {"matchLabels": {"name": scene.theirs.name}}}
    scene.ours.policy("open", policyTypes=["Ingress"], ingress=[{"from": [their_label]}])
    assert scene.settles(sibling=False, stranger=True)


def test_ports_are_told_apart_by_number_and_by_name(scene: Scene) -> None:
    scene.ours.policy("number", policyTypes=["Ingress"], ingress=[{"ports": [{"port": 8001}]}])
    assert scene.settles(sibling=False, stranger=False)
    scene.ours.policy("name", policyTypes=["Ingress"], ingress=[{"ports": [{"port": "web"}]}])
    assert scene.settles(sibling=True, stranger=True)


def test_a_block_of_addresses_has_holes(scene: Scene) -> None:
    hole = f"{scene.theirs.address('stranger')}/32"
    block = {"ipBlock": {"cidr": "0.0.0.0/0", "except": [hole]}}
    scene.ours.policy("block", policyTypes=["Ingress"], ingress=[{"from": [block]}])
    assert scene.settles(sibling=True, stranger=False)


def test_egress_is_closed_but_for_names(scene: Scene) -> None:
    assert scene.theirs.reaches("stranger", f"web.{scene.ours.name}")
    scene.theirs.policy("out", policyTypes=["Egress"], egress=[DNS])
    assert scene.settles(sibling=True, stranger=False)
    lookup = f"import socket; print(socket.gethostbyname('web.{scene.ours.name}'))"
    assert scene.theirs.run("stranger", "python3", "-c", lookup).startswith("10.96.")
