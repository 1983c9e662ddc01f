"""The workflow files that are handed out: what they listen to is understood, and what they run exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from galley_iac.cli import main as command
from galley_iac.cli.pipeline import trigger
from galley_iac.forge import gitlab
from galley_iac.forge.events import read
from galley_iac.forge.model import ForgeKind, Subject
from tests.unit.forge import shapes

CI = Path(__file__).parents[3] / "examples" / "ci"
ACTIONS = {"github": ForgeKind.GITHUB, "gitea": ForgeKind.GITEA}


def load(name: str) -> Any:
    """YAML 1.1, which PyYAML reads, takes the key ``on`` for a truth."""
    document = yaml.safe_load((CI / f"{name}.yml").read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in document.items()}


def commands(node: Any) -> Iterator[str]:
    """Every line that runs galley."""
    if isinstance(node, dict):
        for value in node.values():
            yield from commands(value)
    elif isinstance(node, list):
        for value in node:
            yield from commands(value)
    elif isinstance(node, str) and node.startswith("galley "):
        yield node


def payload(event: str, action: str) -> dict[str, Any]:
    if event.startswith("pull_request"):
        return shapes.pull_request(action)
    if event == "issue_comment":
        return shapes.issue_comment("/galley pin", action)
    if event == "delete":
        return shapes.delete("feature")
    return {"inputs": {"pr": "12"}, "repository": shapes.REPOSITORY}


@pytest.mark.parametrize("name", ACTIONS)
def test_every_event_that_is_listened_to_is_understood(name: str) -> None:
    events = load(name)["on"]
    events.pop("schedule")
    assert {"pull_request_target", "issue_comment", "delete"} <= set(events)
    for event, about in events.items():
        for action in (about or {}).get("types", [""]):
            found = read(ACTIONS[name], event, payload(event, action))
            assert found.subject is not Subject.NONE, f"{event} {action}"


@pytest.mark.parametrize("name", ACTIONS)
def test_the_actions_that_matter_are_all_listened_to(name: str) -> None:
    types = set(load(name)["on"]["pull_request_target"]["types"])
    assert {"opened", "reopened", "synchronize", "closed", "labeled", "unlabeled"} <= types


@pytest.mark.parametrize("name", ACTIONS)
def test_no_push_cancels_an_update(name: str) -> None:
    document = load(name)
    assert "concurrency" not in document, "of the whole workflow, a skipped job would push others out"
    group = document["jobs"]["preview"]["concurrency"]
    assert group["cancel-in-progress"] is False
    assert "github.event.pull_request.number" in group["group"]
    assert "github.event.issue.number" in group["group"]


@pytest.mark.parametrize("name", ACTIONS)
def test_the_token_has_a_name_that_is_read_and_is_in_no_command(name: str) -> None:
    text = (CI / f"{name}.yml").read_text()
    assert re.search(rf"{trigger.TOKEN}: \$\{{\{{ ", text)
    assert not any("$" in line for line in commands(load(name)))


@pytest.mark.parametrize("name", [*ACTIONS, "gitlab"])
def test_every_command_that_is_run_exists(name: str) -> None:
    found = list(commands(load(name)))
    assert {line.split()[1] for line in found} == {"ci", "gc"}
    for line in found:
        words = line.split()[1:]
        command._parser(words).parse_args(words)


def test_gitlab_s_jobs_are_what_its_rules_are_about() -> None:
    document = load("gitlab")
    assert document["default"]["interruptible"] is False
    start, stop = document["preview"], document["stop-preview"]
    assert start["environment"]["on_stop"] == "stop-preview"
    assert stop["environment"]["name"] == start["environment"]["name"]
    assert stop["resource_group"] == start["resource_group"]
    variables = {
        "CI_PROJECT_PATH": "acme/shop",
        "CI_MERGE_REQUEST_IID": "12",
        "CI_ENVIRONMENT_ACTION": stop["environment"]["action"],
    }
    assert gitlab.from_variables(variables).stopped
