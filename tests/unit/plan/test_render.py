"""The plan as data and as a fingerprint."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest

from galley_iac.plan.identity import Identity
from galley_iac.plan.model import BuiltImage, Container, ExitCheck, Plan, PulledImage, RunningCheck, Volume
from galley_iac.plan.preview import Preview
from galley_iac.plan.render import as_data, fingerprint
from galley_iac.plan.settings import Settings
from galley_iac.plan.values import Open, Secret, text
from tests.unit.plan.support import plan, services, whole_plan


def test_it_is_plain_json_and_the_same_every_time() -> None:
    data = as_data(whole_plan())
    assert json.loads(json.dumps(data)) == data
    assert json.dumps(as_data(whole_plan())) == json.dumps(data)


def test_the_router_s_configuration_is_an_object() -> None:
    data = as_data(whole_plan())
    assert data["router"]["config"]["apps"]["http"]["servers"]["preview"]["listen"] == [":80"]
    assert as_data(plan(services("a: {kind: other, image: x}")))["router"] is None


def test_a_container_as_data() -> None:
    migrate = as_data(whole_plan())["containers"][1]
    assert migrate["service"] == "migrate"
    assert migrate["kind"] == "worker"
    assert migrate["check"] == {"type": "ExitCheck"}
    assert migrate["command"] == ["alembic", "upgrade", "head"]
    assert migrate["limits"] == {"cpus": 1.0, "memory": 1024**3}


def test_secrets_are_masked_and_open_parts_named() -> None:
    env = dict(map(tuple, as_data(whole_plan())["containers"][2]["env"]))
    assert env["TOKEN"] == "********"
    assert env["URL"] == "http://api.main-shop.localhost:<router-port>"


def test_a_secret_s_value_can_be_nowhere_since_the_plan_has_none() -> None:
    fields = {field.name: field.type for field in dataclasses.fields(Settings)}
    assert fields["secrets"] == "frozenset[str]"
    assert Secret.__match_args__ == ("name",)


def test_the_fingerprint_fits_a_name() -> None:
    assert re.fullmatch("[0-9a-f]{8}", fingerprint(whole_plan()))


def changed_once(value: Any) -> Iterator[tuple[str, Any]]:
    """Copies of a frozen value, each with one field changed, at any depth; with the path of the field."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            for path, new in changed_once(getattr(value, field.name)):
                yield f".{field.name}{path}", dataclasses.replace(value, **{field.name: new})
    elif isinstance(value, tuple):
        yield "[]", value[:-1] if value else (text("new"),)
        for number, entry in enumerate(value):
            for path, new in changed_once(entry):
                yield f"[{number}]{path}", (*value[:number], new, *value[number + 1 :])
    else:
        yield "", other(value)


def other(value: Any) -> Any:
    """Another value of the same type."""
    if value is None:
        return "new"
    if isinstance(value, Enum):
        members = list(type(value))
        return members[members.index(value) - 1] if len(members) > 1 else "new"
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"{value}x" if not value.startswith("{") else json.dumps({**json.loads(value), "new": 1})
    return value + 1


CHANGES = list(changed_once(whole_plan()))


def test_the_changes_reach_every_type() -> None:
    paths = " ".join(path for path, _ in CHANGES)
    assert len(CHANGES) > 100
    for field in (".identity.owner", ".router.config", ".check.timeout", ".parts[0].name", ".volume.path"):
        assert field in paths


def test_the_fingerprint_changes_with_any_field() -> None:
    """Data that is thrown away on every deploy is thrown away when anything at all has changed."""
    own = fingerprint(whole_plan())
    assert [path for path, changed in CHANGES if fingerprint(changed) == own] == []


def test_the_fingerprint_does_not_depend_on_the_process() -> None:
    """It is part of a volume's name: another hash seed or another run must not change it."""
    assert fingerprint(Plan(Preview(Identity("shop", branch="main")), ())) == "9d10c9dc"


@pytest.mark.parametrize("image", [PulledImage("x"), BuiltImage("a", "t", ".", "Dockerfile")])
def test_kinds_of_images_and_checks_can_be_told_apart(image: PulledImage | BuiltImage) -> None:
    made = dataclasses.replace(whole_plan().containers[0], image=image, check=RunningCheck())
    jobs = dataclasses.replace(made, check=ExitCheck())
    assert data_of(made)["check"] != data_of(jobs)["check"]
    assert ("tag" in data_of(made)["image"]) == isinstance(image, BuiltImage)


def test_an_open_part_is_not_its_own_name() -> None:
    """A member that were a text would pass for a value that is known."""
    assert not isinstance(Open.ROUTER_PORT, str)


def data_of(container: Container) -> dict[str, Any]:
    made = dataclasses.replace(whole_plan(), containers=(container,))
    data: dict[str, Any] = as_data(made)["containers"][0]
    return data


def test_volumes_of_a_plan() -> None:
    assert as_data(whole_plan())["containers"][0]["volume"] == dataclasses.asdict(
        Volume("main-shop.db", "/var/lib/postgresql/data")
    )
