"""Which containers are made anew since they are on no network of their preview."""

from __future__ import annotations

from galley_iac.automation.repair import Found
from galley_iac.automation.state import State
from galley_iac.automation.strays import remove_strays, strays
from galley_iac.engine import labels
from galley_iac.engine.live import Live, observe
from tests.unit.engine.support import FakeClient, container, info, live, network_info

OWN = {labels.PREVIEW: "p"}


def test_a_stray_is_on_no_network_of_the_preview() -> None:
    found = live(
        container("well", networks=frozenset({"p", "edge"})),
        container("taken", networks=frozenset()),
        container("moved", networks=frozenset({"bridge"})),
        container("unknown", networks=None),
    )
    assert strays(found) == {"p.taken", "p.moved"}


def test_without_a_network_there_is_none() -> None:
    assert strays(Live((container(networks=frozenset()),))) == frozenset()


def test_they_are_removed() -> None:
    joined = {**info("p.api", OWN), "NetworkSettings": {"Networks": {"p": {}}}}
    alone = {**info("p.db", OWN), "NetworkSettings": {"Networks": {}}}
    client = FakeClient(containers=[joined, alone], networks=[network_info("p", OWN)])
    known = State(ids=frozenset({"id-p.api", "id-p.db", "id-p"}))
    found = remove_strays(client, "p", Found(known, observe(client, "p")))  # type: ignore[arg-type]
    assert client.api.calls == [("remove container", "id-p.db")]
    assert [one.name for one in found.live.containers] == ["p.api"]
    assert found.lost
    assert remove_strays(client, "p", found) is found  # type: ignore[arg-type]
