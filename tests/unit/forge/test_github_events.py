"""GitHub's events, in their published shapes, as ours."""

from __future__ import annotations

from typing import Any

import pytest

from galley_iac.errors import UsageError
from galley_iac.forge.events import read
from galley_iac.forge.model import Event, ForgeKind, Subject
from tests.unit.forge import shapes
from tests.unit.forge.shapes import SHA, ZEROS


def event(name: str, payload: dict[str, Any]) -> Event:
    return read(ForgeKind.GITHUB, name, payload)


@pytest.mark.parametrize(
    "action",
    [
        *("opened", "reopened", "synchronize", "closed", "edited", "ready_for_review"),
        *("converted_to_draft", "labeled", "unlabeled"),
    ],
)
@pytest.mark.parametrize("name", ["pull_request", "pull_request_target"])
def test_what_may_change_what_is_right(name: str, action: str) -> None:
    assert event(name, shapes.pull_request(action)) == Event(
        Subject.PULL_REQUEST, "acme/shop", 12, action=action, sha=SHA, actor="ann"
    )


@pytest.mark.parametrize("action", ["assigned", "review_requested", "locked", "milestoned"])
def test_what_is_about_people_and_plans(action: str) -> None:
    assert event("pull_request", shapes.pull_request(action)).subject is Subject.NONE


@pytest.mark.parametrize("name", ["pull_request_review", "pull_request_review_comment", "star", "schedule"])
def test_events_of_no_interest_need_no_payload(name: str) -> None:
    assert event(name, {}) == Event(Subject.NONE, action=name)


def test_a_label_that_was_taken_away_is_known_by_its_name() -> None:
    taken = event("pull_request", shapes.pull_request("unlabeled", label={"name": "galley:pin"}))
    given = event("pull_request", shapes.pull_request("labeled", label={"name": "galley:pin"}))
    assert (taken.label, given.label) == ("galley:pin", "")


def test_a_comment() -> None:
    assert event("issue_comment", shapes.issue_comment("/galley pin")) == Event(
        Subject.COMMENT, "acme/shop", 12, action="created", comment="/galley pin", actor="bob"
    )


def test_only_new_comments_on_pull_requests_count() -> None:
    for payload in (
        shapes.issue_comment("/galley pin", "edited"),
        shapes.issue_comment("/galley pin", "deleted"),
        shapes.issue_comment("/galley pin", on="issue"),
    ):
        assert event("issue_comment", payload).subject is Subject.NONE


@pytest.mark.parametrize(("after", "action", "sha"), [(SHA, "pushed", SHA), (ZEROS, "deleted", "")])
def test_a_push(after: str, action: str, sha: str) -> None:
    assert event("push", shapes.push("refs/heads/a/b", after)) == Event(
        Subject.BRANCH, "acme/shop", branch="a/b", action=action, sha=sha, actor="ann"
    )


def test_a_deleted_branch() -> None:
    found = event("delete", shapes.delete("a/b"))
    assert (found.subject, found.branch, found.sha) == (Subject.BRANCH, "a/b", "")


def test_tags_are_no_branches() -> None:
    assert event("push", shapes.push("refs/tags/v1")).subject is Subject.NONE
    assert event("delete", shapes.delete("v1", "tag")).subject is Subject.NONE


def test_a_run_by_hand_names_the_pull_request() -> None:
    payload = {"inputs": {"pr": "12"}, "repository": shapes.REPOSITORY, "sender": shapes.SENDER}
    assert event("workflow_dispatch", payload).pull_request == 12
    for given in ("", "0", "-1", "x", "\u0661"):
        payload["inputs"] = {"pr": given}
        assert event("workflow_dispatch", payload).subject is Subject.NONE


@pytest.mark.parametrize("name", ["pull_request", "issue_comment", "push", "delete", "workflow_dispatch"])
def test_a_payload_of_something_else_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        event(name, {})


@pytest.mark.parametrize("name", ["pull_request", "issue_comment", "push", "delete"])
def test_so_is_one_that_lacks_what_matters(name: str) -> None:
    with pytest.raises(UsageError, match="the payload"):
        event(name, {"repository": shapes.REPOSITORY})


@pytest.mark.parametrize("name", ["shop", "../../x", "a/b?c", "a//b", "a/b/../c", "", "a/ b"])
def test_a_repository_s_name_can_be_nothing_else_in_an_address(name: str) -> None:
    with pytest.raises(UsageError, match="is no repository"):
        event("push", {**shapes.push("refs/heads/x"), "repository": {"full_name": name}})


def test_texts_that_no_program_takes_are_made_such() -> None:
    found = event("issue_comment", shapes.issue_comment("/galley\0 \ud800"))
    assert found.comment == "/galley ?"


def test_a_commit_that_is_none_counts_for_nothing() -> None:
    payload = shapes.pull_request("opened")
    payload["pull_request"]["head"]["sha"] = "$(id)"
    assert event("pull_request", payload).sha == ""
