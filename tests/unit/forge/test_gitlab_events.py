"""GitLab's events, in their published shapes, and its pipelines' variables, as ours."""

from __future__ import annotations

from typing import Any

import pytest

from galley_iac.errors import UsageError
from galley_iac.forge import gitlab
from galley_iac.forge.events import read
from galley_iac.forge.model import Event, ForgeKind, Subject
from tests.unit.forge import shapes
from tests.unit.forge.shapes import PROJECT, SHA, ZEROS

PATH = "acme/tools/shop"


def event(payload: dict[str, Any]) -> Event:
    return read(ForgeKind.GITLAB, "", payload)


@pytest.mark.parametrize("action", ["open", "reopen", "update", "close", "merge"])
def test_what_may_change_what_is_right(action: str) -> None:
    assert event(shapes.merge_request(action)) == Event(
        Subject.PULL_REQUEST, PATH, 12, action=action, sha=SHA, actor="ann"
    )


@pytest.mark.parametrize("action", ["approved", "unapproval", ""])
def test_what_is_about_people(action: str) -> None:
    assert event(shapes.merge_request(action)).subject is Subject.NONE


def test_a_label_that_was_taken_away() -> None:
    both = {"previous": [{"title": "bug"}, {"title": "galley:pin"}], "current": [{"title": "bug"}]}
    assert event(shapes.merge_request("update", labels=both)).label == "galley:pin"


def test_a_comment() -> None:
    found = event(shapes.note("/galley pin"))
    assert (found.subject, found.comment, found.actor) == (Subject.COMMENT, "/galley pin", "bob")


@pytest.mark.parametrize("payload", [shapes.note("x", "Commit"), shapes.note("x", action="update")])
def test_other_comments(payload: dict[str, Any]) -> None:
    assert event(payload).subject is Subject.NONE


@pytest.mark.parametrize(("after", "action"), [(SHA, "pushed"), (ZEROS, "deleted")])
def test_a_push(after: str, action: str) -> None:
    found = event(shapes.gitlab_push("refs/heads/a/b", after))
    assert (found.subject, found.branch, found.action) == (Subject.BRANCH, "a/b", action)
    assert event(shapes.gitlab_push("refs/tags/v1")).subject is Subject.NONE


@pytest.mark.parametrize("kind", ["merge_request", "note", "push"])
def test_a_payload_that_lacks_what_matters_is_refused(kind: str) -> None:
    with pytest.raises(UsageError):
        event({"object_kind": kind})


@pytest.mark.parametrize("payload", [{}, {"object_kind": "pipeline"}, {"object_kind": 3}])
def test_other_hooks(payload: dict[str, Any]) -> None:
    assert event(payload).subject is Subject.NONE


MERGE_REQUEST = {
    "CI_PROJECT_PATH": PROJECT["path_with_namespace"],
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": "12",
    "CI_COMMIT_SHA": SHA,
    "GITLAB_USER_LOGIN": "ann",
}


def test_a_merge_request_s_pipeline() -> None:
    assert gitlab.from_variables(MERGE_REQUEST) == Event(
        Subject.PULL_REQUEST, PATH, 12, action="merge_request_event", sha=SHA, actor="ann"
    )


def test_the_job_that_stops_an_environment() -> None:
    stopped = gitlab.from_variables({**MERGE_REQUEST, "CI_ENVIRONMENT_ACTION": "stop"})
    assert (stopped.subject, stopped.pull_request, stopped.stopped) == (Subject.PULL_REQUEST, 12, True)
    started = gitlab.from_variables({**MERGE_REQUEST, "CI_ENVIRONMENT_ACTION": "start"})
    assert not started.stopped


def test_a_branch_s_pipeline() -> None:
    found = gitlab.from_variables(
        {"CI_PROJECT_PATH": PATH, "CI_COMMIT_BRANCH": "main", "CI_PIPELINE_SOURCE": "push"}
    )
    assert (found.subject, found.branch, found.action) == (Subject.BRANCH, "main", "push")


def test_a_tag_s_pipeline_is_of_no_interest_and_one_of_nothing_is_refused() -> None:
    assert gitlab.from_variables({"CI_PROJECT_PATH": PATH}).subject is Subject.NONE
    with pytest.raises(UsageError):
        gitlab.from_variables({})
