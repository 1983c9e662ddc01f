"""What a local backend's files say of the previews. The files are laid out as Pulumi lays them out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from galley_iac import timing
from galley_iac.automation import backend, records, state, tags
from galley_iac.automation.configuration import PROJECT_SETTINGS, config_file, project_stack
from galley_iac.automation.records import Asleep, Record
from galley_iac.duration import DAY
from galley_iac.plan.identity import Identity

UPDATED = "2026-01-31T12:00:00.123456789Z"
MOMENT = timing.seconds(UPDATED)
WHOSE = {"project": "shop", "branch": "main", "owner": "acme", "repository": "shop", "forge": "git.example"}
CONTAINER = "docker:index/container:Container"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    return tmp_path


def place() -> Path:
    local = backend.local_state()
    assert local
    return local


def lay_tags(stack: str, found: dict[str, str], version: int = 1) -> None:
    path = backend.tags_file(place(), stack)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": version, "tags": found}))


def lay_state(stack: str, deployment: dict[str, Any] | None) -> None:
    path = backend.state_file(place(), stack)
    path.parent.mkdir(parents=True, exist_ok=True)
    latest = {} if deployment is None else {"latest": deployment}
    path.write_text(json.dumps({"version": 3, "checkpoint": {"stack": stack, **latest}}))


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:main::galley::{kind}::{name}"


def container(name: str, *after: str) -> dict[str, Any]:
    others = [urn("docker:index/network:Network", "network"), *(urn(CONTAINER, one) for one in after)]
    own = {"labels": [{"label": "galley.role", "value": "service"}]}
    return {"urn": urn(CONTAINER, name), "type": CONTAINER, "inputs": own, "dependencies": others}


def deployment(*resources: dict[str, Any], **whose: object) -> dict[str, Any]:
    stack = {
        "urn": urn("pulumi:pulumi:Stack", "s"),
        "type": "pulumi:pulumi:Stack",
        "outputs": {"identity": whose},
    }
    return {"manifest": {"time": UPDATED}, "resources": [stack, *resources]}


def test_a_state_knows_its_time_its_owner_and_its_order() -> None:
    lay_state(
        "main-shop",
        deployment(container("db"), container("db.ready", "db"), container("api", "db.ready"), **WHOSE),
    )
    known = state.from_file(backend.state_file(place(), "main-shop"))
    assert known.updated == pytest.approx(MOMENT)
    assert known.owner == Identity(**WHOSE)
    assert known.identity == Identity(**WHOSE).digest()
    assert {name: set(one.after) for name, one in known.containers.items()} == {
        "db": set(),
        "db.ready": {"db"},
        "api": {"db.ready"},
    }
    assert {one.role for one in known.containers.values()} == {"service"}
    assert known.resources == 4, "the stack itself is one"


def test_a_stack_that_was_never_updated_knows_nothing() -> None:
    lay_state("main-shop", None)
    assert records.records() == [Record("main-shop")]
    assert records.records()[0].lease.expires is None


def test_no_such_stack() -> None:
    assert records.record("main-shop") is None
    assert tags.read("main-shop") == {}
    assert records.records() == []


def test_stacks_that_hold_settings_are_no_previews() -> None:
    lay_state(project_stack("shop"), None)
    lay_state("main-shop", None)
    assert [one.name for one in records.records()] == ["main-shop"]


@pytest.mark.parametrize("text", ["", "{", '{"version": 2, "tags": {"a": "b"}}', '{"version": 1}'])
def test_tags_in_a_form_that_is_not_known_are_none(text: str) -> None:
    path = backend.tags_file(place(), "main-shop")
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert tags.read("main-shop") == {}


def test_whose_it_is_comes_from_the_tag_before_the_outputs() -> None:
    lay_state("main-shop", deployment(**{**WHOSE, "branch": "other"}))
    (found,) = records.records()
    assert not found.is_ours
    assert found.identity == Identity(**{**WHOSE, "branch": "other"})
    lay_tags("main-shop", {tags.IDENTITY: json.dumps(WHOSE)})
    (found,) = records.records()
    assert found.is_ours
    assert found.identity == Identity(**WHOSE)
    assert found.project == "shop"


@pytest.mark.parametrize("text", ["", "[]", '{"project": "shop"}', '{"surprise": 1}', "nonsense"])
def test_an_identity_that_cannot_be_read_is_none(text: str) -> None:
    assert Record("x", {tags.IDENTITY: text}).identity is None


def test_activity_is_the_later_of_update_and_waking() -> None:
    woken = timing.stamp(MOMENT + 60)
    assert Record("x", updated=MOMENT).activity == MOMENT
    assert Record("x", {tags.ACTIVITY: woken}, MOMENT).activity == pytest.approx(MOMENT + 60, abs=1)
    assert Record("x", {tags.ACTIVITY: timing.stamp(MOMENT - 60)}, MOMENT).activity == MOMENT
    assert Record("x", {tags.ACTIVITY: "yesterday"}).activity is None


def test_asleep_since_when_and_why() -> None:
    stamp = timing.stamp(MOMENT)
    assert Record("x").asleep is None
    assert Record("x", {tags.ASLEEP: stamp}).asleep == Asleep(timing.seconds(stamp))
    assert Record("x", {tags.ASLEEP: f"{stamp} room for a-b"}).asleep == Asleep(
        timing.seconds(stamp), "room for a-b"
    )


def ttl() -> float:
    found = records.record("main-shop")
    assert found
    return found.ttl


def test_which_ttl_counts() -> None:
    """What is set here, for the preview or for its project; else what its last update noted; else a week."""
    lay_state("main-shop", deployment(**WHOSE))
    assert ttl() == 7 * DAY
    lay_tags("main-shop", {tags.TTL: "3d"})
    assert ttl() == 3 * DAY
    config_file(project_stack("shop")).merge({PROJECT_SETTINGS: {"ttl": "2d"}})
    assert ttl() == 2 * DAY
    config_file("main-shop").merge({"galley:ttl": "1d"})
    assert ttl() == 1 * DAY


def test_a_ttl_that_is_none_counts_for_nothing() -> None:
    lay_state("main-shop", deployment(**WHOSE))
    lay_tags("main-shop", {tags.TTL: "soon"})
    assert ttl() == 7 * DAY


def test_pinned_and_extended() -> None:
    until = timing.stamp(MOMENT + 30 * DAY)
    found = Record("x", {tags.PINNED: "true", tags.UNTIL: until}, MOMENT)
    assert found.lease.pinned
    assert found.lease.until == timing.seconds(until)
    assert found.known().lease == found.lease


def test_times_survive_being_written() -> None:
    assert timing.stamp(timing.seconds("2026-01-31T12:00:00Z")) == "2026-01-31T12:00:00Z"


def test_hundreds_are_read_in_a_moment() -> None:
    for number in range(300):
        lay_state(f"b{number}-shop", deployment(*(container(f"s{i}") for i in range(9)), **WHOSE))
        lay_tags(f"b{number}-shop", {tags.PINNED: "true"})
    found = records.records()
    assert len(found) == 300
    assert all(one.pinned and one.project == "shop" for one in found)
