"""What an interruption left, and whose it is, before anything is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from galley_iac.automation import down, repair
from galley_iac.automation.repair import Found, refuse_foreign, refuse_other_engine, remove_unknown
from galley_iac.automation.state import State
from galley_iac.engine import labels
from galley_iac.engine.live import observe
from galley_iac.errors import PreviewError, UsageError
from galley_iac.plan.identity import Identity
from tests.unit.engine.support import FakeClient, container, info, live, network_info

OWN = {labels.PREVIEW: "p"}
MINE, OTHERS = Identity("shop", branch="main", owner="a"), Identity("shop", branch="main", owner="b")


class FakeWorkspace:
    """A backend with one state."""

    def __init__(self, state: State | None = None) -> None:
        self._state = state or State()

    def state(self, _: str) -> State:
        return self._state

    def exists(self, _: str) -> bool:
        return False


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)


def preview(**more: Any) -> FakeClient:
    objects = {
        "containers": [info("p.api", OWN), info("p.db", OWN), info("other", {labels.PREVIEW: "p-2"})],
        "networks": [network_info("p", OWN)],
        "volumes": [{"Name": "p.db", "Labels": OWN}],
    }
    return FakeClient(**{**objects, **more})


def removed(state: State, *, volumes: bool = False) -> list[tuple[str, ...]]:
    client = preview()
    found = remove_unknown(client, observe(client, "p"), state, volumes=volumes)
    assert found == bool(client.api.calls)
    return client.api.calls


def test_what_no_state_knows_is_removed() -> None:
    assert removed(State(ids=frozenset({"id-p.db", "id-p"}))) == [("remove container", "id-p.api")]


def test_containers_go_before_their_network() -> None:
    assert removed(State()) == [
        ("remove container", "id-p.api"),
        ("remove container", "id-p.db"),
        ("remove network", "id-p"),
    ]


def test_a_volume_stays_unless_it_is_asked_for() -> None:
    assert ("remove volume", "p.db") not in removed(State())
    assert ("remove volume", "p.db") in removed(State(), volumes=True)
    assert ("remove volume", "p.db") not in removed(State(ids=frozenset({"p.db"})), volumes=True)


def test_what_the_state_knows_stays() -> None:
    assert removed(State(ids=frozenset({"id-p.api", "id-p.db", "id-p", "p.db"})), volumes=True) == []


def test_what_went_away_meanwhile_is_no_error() -> None:
    client = preview()
    seen = observe(client, "p")
    client.api._containers.clear()
    client.api._networks.clear()
    assert remove_unknown(client, seen, State()) is True


def test_lost_is_what_the_state_believes_in_and_the_engine_lacks() -> None:
    here = live(container(id="c"))
    assert Found(State(ids=frozenset({"c", "gone"})), here).lost
    assert not Found(State(ids=frozenset({"c"})), here).lost


def owned_by(identity: Identity) -> FakeClient:
    own = {**OWN, labels.IDENTITY: identity.digest()}
    return FakeClient(containers=[info("p.api", own)])


def test_another_s_objects_are_refused() -> None:
    refuse_foreign(FakeWorkspace(), owned_by(MINE), "p", MINE)
    with pytest.raises(UsageError, match="already belongs to another"):
        refuse_foreign(FakeWorkspace(), owned_by(OTHERS), "p", MINE)


@pytest.mark.parametrize("kind", ["networks", "volumes"])
def test_any_object_of_another_s_is_enough(kind: str) -> None:
    own = {**OWN, labels.IDENTITY: OTHERS.digest()}
    made = network_info("p", own) if kind == "networks" else {"Name": "p.db", "Labels": own}
    with pytest.raises(UsageError):
        refuse_foreign(FakeWorkspace(), FakeClient(**{kind: [made]}), "p", MINE)


def test_another_s_state_is_refused_though_nothing_lives() -> None:
    with pytest.raises(UsageError, match="already belongs to another"):
        refuse_foreign(FakeWorkspace(State(identity=OTHERS.digest())), FakeClient(), "p", MINE)
    refuse_foreign(FakeWorkspace(State(identity=MINE.digest())), FakeClient(), "p", MINE)
    refuse_foreign(FakeWorkspace(), FakeClient(), "p", MINE)


def test_a_preview_stays_on_its_engine() -> None:
    here = State(ids=frozenset({"c"}), engine="unix:///a")
    refuse_other_engine("p", here, "unix:///a")
    refuse_other_engine("p", State(), "unix:///b")
    with pytest.raises(UsageError, match="lives on the Docker engine at unix:///a, not on unix:///b"):
        refuse_other_engine("p", here, "unix:///b")


def test_no_lock_nothing_to_release() -> None:
    assert repair.release(FakeWorkspace(), FakeClient(), "p") is False


def test_in_a_shared_backend_only_a_stack_that_exists_is_asked_for_its_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://bucket")
    assert repair.release(FakeWorkspace(), FakeClient(), "p") is False


def test_a_guest_on_the_network_is_named() -> None:
    client = FakeClient(
        containers=[info("p.api", OWN)], networks=[network_info("p", OWN, attached=["p.api", "psql", "a"])]
    )
    with pytest.raises(PreviewError) as raised:
        down._refuse_guests(observe(client, "p"))
    assert str(raised.value) == (
        "network p cannot be removed: a, psql is attached to it and is not ours\n"
        "    docker network disconnect p a"
    )


def test_nothing_may_be_left() -> None:
    down._prove("p", observe(FakeClient(), "p"))
    with pytest.raises(PreviewError) as raised:
        down._prove("p", observe(preview(), "p"))
    assert str(raised.value).splitlines() == [
        "p is down, but this is left:",
        "    container p.api (running)",
        "    container p.db (running)",
        "    network p",
        "    volume p.db",
        "    run `galley down` again",
    ]
