"""The stack's configuration, as `pulumi config set` leaves it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest

from galley_iac.errors import UsageError
from galley_iac.program import config
from galley_iac.request import Request
from tests.program.docker_mocks import FakeDocker


@pytest.fixture(autouse=True)
def _no_configuration() -> Iterator[None]:
    pulumi.runtime.set_all_config({})
    yield
    pulumi.runtime.set_all_config({})


def read(stack: str = "main-shop", **values: object) -> Request:
    """The request of a stack with these values; what is no text is set as JSON, as Pulumi passes it on."""
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    pulumi.runtime.set_mocks(FakeDocker(), project="galley", stack=stack)
    pulumi.runtime.set_all_config({f"galley:{key}": text for key, text in texts.items()})
    return config.read()


def test_only_a_manifest() -> None:
    assert read(manifest="/r/galley.yaml") == Request(Path("/r/galley.yaml"), branch="main-shop")


def test_everything() -> None:
    request = read(
        manifest="m",
        branch="feature/x",
        project="shop",
        dockerHost="ssh://host",
        strict=True,
        untrusted=True,
        profiles=["dev", "debug"],
        domain="preview.example",
        layout="nested",
        subnetPool="10.9.0.0/16",
        vars={"LEVEL": "debug"},
        projectVars={"LEVEL": "info", "DEBUG": "true"},
        projectSettings={"cpus": "0.5"},
        secrets={"TOKEN": "one"},
        projectSecrets={"TOKEN": "two", "KEY": "three"},
    )
    assert request == Request(
        manifest=Path("m"),
        branch="feature/x",
        project="shop",
        engine="ssh://host",
        strict=True,
        untrusted=True,
        profiles=("dev", "debug"),
        own_settings={"domain": "preview.example", "layout": "nested", "subnetPool": "10.9.0.0/16"},
        project_settings={"cpus": "0.5"},
        own_variables={"LEVEL": "debug"},
        project_variables={"LEVEL": "info", "DEBUG": "true"},
        secrets=frozenset({"TOKEN", "KEY"}),
    )


def test_a_preview_s_own_secret_wins() -> None:
    read(manifest="m", secrets={"TOKEN": "own"}, projectSecrets={"TOKEN": "project", "KEY": "k"})
    assert config.secrets() == {"TOKEN": "own", "KEY": "k"}


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("plain", "plain"),
        (755, "755"),
        (True, "true"),
        (1.5, "1.5"),
        ('"0755"', "0755"),
        ('"', '"'),
        ("", ""),
    ],
)
def test_a_text_is_what_was_given(stored: object, text: str) -> None:
    """Pulumi makes a number of what looks like one."""
    assert read(manifest="m", vars={"X": stored}).own_variables == {"X": text}


@pytest.mark.parametrize(
    ("stack", "branch", "number"),
    [
        ("pr-12", "", 12),
        ("pr-12-shop", "pr-12-shop", None),
        ("main", "main", None),
        ("pr-x", "pr-x", None),
    ],
)
def test_a_stack_that_was_made_by_hand(stack: str, branch: str, number: int | None) -> None:
    request = read(stack, manifest="m")
    assert (request.branch, request.pull_request) == (branch, number)


def test_the_stack_s_name_is_only_a_handle() -> None:
    request = read("pr-12", manifest="m", branch="main")
    assert (request.branch, request.pull_request) == ("main", None)
    assert read("anything", manifest="m", pr=7).pull_request == 7


def test_no_manifest() -> None:
    with pytest.raises(UsageError) as raised:
        read()
    assert str(raised.value) == (
        "this stack does not say which manifest it is for\n    pulumi config set manifest PATH"
    )


@pytest.mark.parametrize(("key", "value"), [("pr", "twelve"), ("strict", "perhaps"), ("profiles", "{")])
def test_a_value_of_another_type_is_pulumi_s_own_error(key: str, value: str) -> None:
    """It is shown without a traceback."""
    with pytest.raises(pulumi.RunError, match=f"galley:{key}"):
        read(manifest="m", **{key: value})


@pytest.mark.parametrize("value", ["text", "[1]", "7", "{"])
@pytest.mark.parametrize("key", ["vars", "projectVars", "secrets", "projectSecrets"])
def test_a_map_that_is_none(key: str, value: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(manifest="m", **{key: value})
    assert str(raised.value) == (
        f"galley:{key} is no map of names to values\n    pulumi config set --path {key}.NAME VALUE"
    )
    assert raised.value.__suppress_context__, "the value may be a secret"
