"""A preview that a stack of another name has made is refused, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from galley_iac.automation import backend, otherstack
from galley_iac.automation.state import State
from galley_iac.engine import labels
from galley_iac.engine.live import Live, observe
from galley_iac.errors import UsageError
from tests.unit.engine.support import FakeClient, info, network_info

OWN = {labels.PREVIEW: "pr-12-shop"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)


def live() -> Live:
    """A container, its network and a volume."""
    client = FakeClient(
        containers=[info("pr-12-shop.db", OWN)],
        networks=[network_info("pr-12-shop", OWN)],
        volumes=[{"Name": "pr-12-shop.db", "Labels": OWN}],
    )
    return observe(client, "pr-12-shop")


def lay(stack: str, *ids: str) -> None:
    """A stack of the local backend that knows these objects."""
    local = backend.local_state()
    assert local
    resources = [{"type": "docker:index/container:Container", "urn": f"urn::{id}", "id": id} for id in ids]
    path = backend.state_file(local, stack)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"checkpoint": {"latest": {"resources": resources}}}))


def test_what_another_stack_knows_is_refused() -> None:
    lay("a", "something-else")
    lay("pr-12", "id-pr-12-shop.db")
    with pytest.raises(UsageError) as raised:
        otherstack.refuse("pr-12-shop", live(), State())
    assert str(raised.value) == (
        "pr-12-shop was brought up as the stack pr-12, by plain `pulumi`\n"
        "    go on with that, or remove it first: `pulumi destroy --stack pr-12`"
    )


def test_a_network_alone_is_enough() -> None:
    lay("pr-12", "id-pr-12-shop")
    with pytest.raises(UsageError, match="as the stack pr-12"):
        otherstack.refuse("pr-12-shop", live(), State(ids=frozenset({"id-pr-12-shop.db"})))


def test_what_the_own_state_knows_is_its_own() -> None:
    lay("pr-12", "id-pr-12-shop.db", "id-pr-12-shop")
    otherstack.refuse("pr-12-shop", live(), State(ids=live().ids))


def test_leftovers_that_nobody_knows_are_not_refused() -> None:
    lay("pr-12", "one-that-is-gone")
    lay("empty")
    otherstack.refuse("pr-12-shop", live(), State())


def test_a_volume_outlives_the_stack_that_made_it() -> None:
    """Its name is its id, and the next stack of the same preview takes it over with its data."""
    lay("pr-12", "pr-12-shop.db")
    otherstack.refuse("pr-12-shop", live(), State())


def test_a_state_that_is_cut_short_knows_nothing() -> None:
    lay("pr-12", "id-pr-12-shop.db")
    local = backend.local_state()
    assert local
    backend.state_file(local, "pr-12").write_text('{"checkpoint": ')
    otherstack.refuse("pr-12-shop", live(), State())


def test_a_shared_backend_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    lay("pr-12", "id-pr-12-shop.db")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://bucket")
    otherstack.refuse("pr-12-shop", live(), State())
