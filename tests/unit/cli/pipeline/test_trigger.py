"""What a runner says of its event: the variables of the three forges' runners, as they are published."""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from galley_iac.cli.pipeline import trigger
from galley_iac.cli.pipeline.trigger import Trigger
from galley_iac.errors import UsageError
from galley_iac.forge.model import ForgeKind, Subject
from tests.unit.forge import shapes

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_API_URL": "https://api.github.test",
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_REPOSITORY": "Acme/Shop",
    "GITHUB_TOKEN": "t1",
}
GITEA = {**GITHUB, "GITEA_ACTIONS": "true", "GITHUB_API_URL": "https://forge.test/api/v1"}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_API_V4_URL": "https://lab.test/api/v4",
    "CI_PROJECT_PATH": "acme/tools/shop",
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": "12",
    "GALLEY_FORGE_TOKEN": "t2",
}


def options(**more: str) -> argparse.Namespace:
    return argparse.Namespace(**{"event": "", "payload": "", "forge": None, "api": "", **more})


def read(variables: dict[str, str], **more: str) -> Trigger:
    return trigger.read(options(**more), dict(variables))


@pytest.fixture
def opened(tmp_path: Path) -> str:
    file = tmp_path / "event.json"
    file.write_text(json.dumps(shapes.pull_request("opened")))
    return str(file)


def test_a_runner_of_github(opened: str) -> None:
    found = read({**GITHUB, "GITHUB_EVENT_PATH": opened})
    assert (found.kind, found.api, found.token) == (ForgeKind.GITHUB, "https://api.github.test", "t1")
    assert (found.event.subject, found.event.pull_request) == (Subject.PULL_REQUEST, 12)


@pytest.mark.parametrize(
    "variables",
    [
        GITEA,
        {**GITHUB, "FORGEJO_ACTIONS": "true"},
        {**GITHUB, "GITHUB_API_URL": "https://forge.test/api/v1/"},
    ],
)
def test_a_runner_of_gitea_or_forgejo(variables: dict[str, str], opened: str) -> None:
    assert read({**variables, "GITHUB_EVENT_PATH": opened}).kind is ForgeKind.GITEA


def test_a_runner_of_gitlab(tmp_path: Path) -> None:
    found = read(GITLAB)
    assert (found.kind, found.api, found.token) == (ForgeKind.GITLAB, "https://lab.test/api/v4", "t2")
    assert (found.event.pull_request, found.event.action) == (12, "merge_request_event")
    hook = tmp_path / "payload"
    hook.write_text(json.dumps(shapes.note("/galley pin")))
    assert read({**GITLAB, "TRIGGER_PAYLOAD": str(hook)}).event.comment == "/galley pin"


def test_options_win_over_the_runner(opened: str, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps(shapes.push("refs/heads/x")))
    found = read(
        {**GITHUB, "GITHUB_EVENT_PATH": opened},
        event="push",
        payload=str(other),
        forge="gitea",
        api="http://127.0.0.1:3000/api/v1",
    )
    assert (found.kind, found.api) == (ForgeKind.GITEA, "http://127.0.0.1:3000/api/v1")
    assert found.event.branch == "x"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(shapes.push("refs/heads/x"))))
    assert read(GITHUB, event="push", payload="-").event.branch == "x"


def test_the_token_is_taken_out_of_the_environment_and_shown_nowhere(opened: str) -> None:
    variables = {**GITHUB, "GITHUB_EVENT_PATH": opened, "GALLEY_FORGE_TOKEN": " t3\n"}
    found = trigger.read(options(), variables)
    assert found.token == "t3"
    assert not {"GALLEY_FORGE_TOKEN", "GITHUB_TOKEN"} & set(variables)
    assert "t3" not in repr(found)


@pytest.mark.parametrize(
    ("variables", "more", "said"),
    [
        ({}, {}, "no runner of a forge"),
        (GITHUB, {}, "no event was given"),
        (GITHUB, {"payload": "missing.json"}, "cannot be read"),
        ({**GITHUB, "GITHUB_TOKEN": ""}, {"payload": "OPENED"}, "no token for the forge was given"),
        ({**GITHUB, "GITHUB_API_URL": "ftp://x"}, {"payload": "OPENED"}, "API is not known"),
        ({**GITHUB, "GITHUB_REPOSITORY": "acme/other"}, {"payload": "OPENED"}, "the event is of acme/shop"),
        ({**GITLAB, "CI_PROJECT_PATH": ""}, {}, "is no repository"),
    ],
)
def test_what_is_missing_is_said(
    variables: dict[str, str], more: dict[str, str], said: str, opened: str
) -> None:
    with pytest.raises(UsageError, match=said):
        read(variables, **{name: opened if value == "OPENED" else value for name, value in more.items()})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WHOLE = [
    ("github", "pull_request", shapes.pull_request("opened")),
    ("gitea", "issue_comment", shapes.issue_comment("/galley pin")),
    ("github", "push", shapes.push("refs/heads/x")),
    ("github", "delete", shapes.delete("x")),
    ("gitlab", "", shapes.merge_request("open")),
    ("gitlab", "", shapes.note("/galley pin")),
    ("gitlab", "", shapes.gitlab_push("refs/heads/x")),
]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, str, Any]:
    """A payload of which one place, at any depth, holds something else."""
    forge, name, payload = draw(st.sampled_from(WHOLE))
    payload = node = json.loads(json.dumps(payload))
    while True:
        key = draw(st.sampled_from(sorted(node)))
        if not isinstance(node[key], dict) or not node[key] or draw(st.booleans()):
            break
        node = node[key]
    node[key] = draw(JSON)
    return forge, name, payload


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged())
@example(("github", "push", []))
@example(("gitlab", "", {"object_kind": {}}))
def test_no_payload_ends_in_a_traceback(tmp_path: Path, case: tuple[str, str, Any]) -> None:
    forge, name, payload = case
    file = tmp_path / "event.json"
    file.write_text(json.dumps(payload))
    variables = {"GALLEY_FORGE_TOKEN": "t"}
    try:
        found = trigger.read(
            options(event=name, payload=str(file), forge=forge, api="http://x"), variables
        ).event
    except UsageError:
        return
    if found.subject is Subject.BRANCH:
        assert found.branch
    elif found.subject is not Subject.NONE:
        assert found.pull_request


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
@example(b"[" * 100_000)
def test_nor_does_a_file_of_anything(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "event.json"
    file.write_bytes(content)
    with pytest.raises(UsageError):
        read(GITHUB, payload=str(file))
