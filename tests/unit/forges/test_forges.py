"""What each forge is asked, and how its answers are read. The answers are in the shapes that GitHub, GitLab
and Gitea publish for their REST APIs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from galley_iac.forge.model import Comment, CommitStatus, ForgeKind, Outcome, PullRequest, State
from galley_iac.forges.base import Forge
from galley_iac.forges.connect import connect
from galley_iac.forges.http import ForgeError
from tests.fake_forge import Answer, Asked, Server, serve

SHA = "a" * 40
HUB, LAB = "acme/shop", "acme/tools/shop"
REPOS, PROJECT = "/repos/acme/shop", "/projects/acme/tools/shop"
Answers = dict[str, Any]


@contextmanager
def forge(kind: ForgeKind, answers: Answers) -> Iterator[tuple[Forge, Server]]:
    """A forge that knows these paths; a number is a refusal with that status."""

    def answer(asked: Asked) -> Answer:
        found = answers.get(f"{asked.method} {asked.path}", 404)
        return (found, {"message": "refused"}, {}) if isinstance(found, int) else (200, found, {})

    with serve(answer) as server:
        yield connect(kind, server.url, "t", LAB if kind is ForgeKind.GITLAB else HUB), server


def hub_pull(**more: Any) -> dict[str, Any]:
    head = {"sha": SHA, "ref": "feature", "repo": {"full_name": "Acme/Shop"}}
    labels = [{"name": "bug"}]
    return {"number": 12, "state": "open", "head": head, "user": {"login": "ann"}, "labels": labels, **more}


def lab_pull(**more: Any) -> dict[str, Any]:
    own = {"iid": 12, "state": "opened", "sha": SHA, "source_branch": "feature", "labels": ["bug"]}
    return {**own, "author": {"username": "ann"}, "source_project_id": 7, "target_project_id": 7, **more}


CASES: dict[ForgeKind, tuple[str, Callable[..., dict[str, Any]]]] = {
    ForgeKind.GITHUB: (f"GET {REPOS}/pulls/12", hub_pull),
    ForgeKind.GITEA: (f"GET {REPOS}/pulls/12", hub_pull),
    ForgeKind.GITLAB: (f"GET {PROJECT}/merge_requests/12", lab_pull),
}
EXPECTED = PullRequest(12, State.OPEN, SHA, "feature", "ann", outside=False, labels=frozenset({"bug"}))


def pull(kind: ForgeKind, **more: Any) -> PullRequest | None:
    path, shape = CASES[kind]
    with forge(kind, {path: shape(**more)}) as (one, _):
        return one.pull_request(12)


@pytest.mark.parametrize("kind", ForgeKind)
def test_a_pull_request(kind: ForgeKind) -> None:
    assert pull(kind) == EXPECTED
    assert pull(kind, draft=True) == replace(EXPECTED, draft=True)


@pytest.mark.parametrize(
    ("kind", "more", "state"),
    [
        (ForgeKind.GITHUB, {"state": "closed", "merged": False}, State.CLOSED),
        (ForgeKind.GITHUB, {"state": "closed", "merged": True}, State.MERGED),
        (ForgeKind.GITLAB, {"state": "closed"}, State.CLOSED),
        (ForgeKind.GITLAB, {"state": "merged"}, State.MERGED),
        (ForgeKind.GITLAB, {"state": "locked"}, State.OPEN),
    ],
)
def test_its_state(kind: ForgeKind, more: dict[str, Any], state: State) -> None:
    found = pull(kind, **more)
    assert found is not None
    assert found.state is state


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (ForgeKind.GITHUB, {"head": {"sha": SHA, "ref": "feature", "repo": {"full_name": "eve/shop"}}}),
        (ForgeKind.GITHUB, {"head": {"sha": SHA, "ref": "feature", "repo": None}}),
        (
            ForgeKind.GITEA,
            {"head": {"sha": SHA, "ref": "refs/pull/12/head", "repo": {"full_name": "acme/shop"}}},
        ),
        (ForgeKind.GITLAB, {"source_project_id": 8}),
        (ForgeKind.GITLAB, {"source_project_id": None}),
    ],
)
def test_from_outside(kind: ForgeKind, more: dict[str, Any]) -> None:
    """A fork, one that is gone, and a push for review that needed no branch."""
    found = pull(kind, **more)
    assert found is not None
    assert found.outside


@pytest.mark.parametrize("kind", ForgeKind)
def test_none_is_only_believed_of_a_repository_that_can_be_seen(kind: ForgeKind) -> None:
    """A token that has lost its permission sees nothing: that must not take every preview down."""
    own = f"GET {PROJECT if kind is ForgeKind.GITLAB else REPOS}"
    with forge(kind, {own: {}}) as (one, _):
        assert one.pull_request(12) is None
        assert one.branch_head("x") is None
    with forge(kind, {}) as (one, _):
        for ask in (lambda: one.pull_request(12), lambda: one.branch_head("x")):
            with pytest.raises(ForgeError, match="may see it"):
                ask()


@pytest.mark.parametrize(
    ("kind", "path", "commit"),
    [
        (ForgeKind.GITHUB, f"{REPOS}/branches/a%2Fb", {"sha": SHA}),
        (ForgeKind.GITEA, f"{REPOS}/branches/a%2Fb", {"id": SHA}),
        (ForgeKind.GITLAB, "/projects/acme%2Ftools%2Fshop/repository/branches/a%2Fb", {"id": SHA}),
    ],
)
def test_a_branch(kind: ForgeKind, path: str, commit: dict[str, str]) -> None:
    at = f"{PROJECT}/repository" if kind is ForgeKind.GITLAB else REPOS
    with forge(kind, {f"GET {at}/branches/a/b": {"commit": commit}}) as (one, server):
        assert one.branch_head("a/b") == SHA
    assert server.asked[0].raw == path


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        (
            ForgeKind.GITHUB,
            {f"GET {REPOS}/pulls/12/files": [{"filename": "b"}, {"filename": "c", "previous_filename": "a"}]},
        ),
        (
            ForgeKind.GITLAB,
            {
                f"GET {PROJECT}/merge_requests/12/diffs": [
                    {"new_path": "b", "old_path": "b"},
                    {"new_path": "c", "old_path": "a"},
                ]
            },
        ),
    ],
)
def test_paths(kind: ForgeKind, answers: Answers) -> None:
    with forge(kind, answers) as (one, _):
        assert one.changed_paths(12) == ("b", "c", "a")


@pytest.mark.parametrize(
    ("permission", "may"),
    [("admin", True), ("write", True), ("owner", True), ("read", False), ("none", False)],
)
@pytest.mark.parametrize("kind", [ForgeKind.GITHUB, ForgeKind.GITEA])
def test_who_may_write(kind: ForgeKind, permission: str, may: bool) -> None:
    with forge(kind, {f"GET {REPOS}/collaborators/ann/permission": {"permission": permission}}) as (
        one,
        server,
    ):
        assert [one.may_write("ann"), one.may_write("ann")] == [may, may]
        assert len(server.asked) == 1
        assert one.may_write("Acme"), "whose repository it is"
        assert not one.may_write("")


def test_who_may_write_on_gitlab() -> None:
    for level, may in ((50, True), (30, True), (20, False)):
        answers = {
            "GET /users": [{"id": 5, "username": "ann"}],
            f"GET {PROJECT}/members/all/5": {"access_level": level},
        }
        with forge(ForgeKind.GITLAB, answers) as (one, _):
            assert one.may_write("ann") is may
    with forge(ForgeKind.GITLAB, {"GET /users": []}) as (one, _):
        assert not one.may_write("nobody")
    with forge(ForgeKind.GITLAB, {"GET /users": [{"id": 5}], f"GET {PROJECT}": {}}) as (one, _):
        assert not one.may_write("no-member")


@pytest.mark.parametrize(
    ("kind", "at", "change"),
    [
        (ForgeKind.GITHUB, f"{REPOS}/issues/12/comments", f"PATCH {REPOS}/issues/comments/3"),
        (ForgeKind.GITEA, f"{REPOS}/issues/12/comments", f"PATCH {REPOS}/issues/comments/3"),
        (ForgeKind.GITLAB, f"{PROJECT}/merge_requests/12/notes", f"PUT {PROJECT}/merge_requests/12/notes/3"),
    ],
)
def test_comments(kind: ForgeKind, at: str, change: str) -> None:
    shown = {"id": 3, "body": "hi", "user": {"login": "ann"}, "author": {"username": "ann"}}
    gone = change.replace("PATCH", "DELETE").replace("PUT", "DELETE")
    noted = {**shown, "id": 4, "system": True} if kind is ForgeKind.GITLAB else shown
    answers = {f"GET {at}": [shown, noted], f"POST {at}": shown, change: shown, gone: {}}
    with forge(kind, answers) as (one, server):
        assert next(iter(one.comments(12))) == Comment(3, "ann", "hi")
        assert len(list(one.comments(12))) == (1 if kind is ForgeKind.GITLAB else 2)
        assert one.add_comment(12, "hi").id == 3
        one.edit_comment(12, 3, "ho")
        one.remove_comment(12, 3)
    assert [asked.body for asked in server.asked[-3:]] == [{"body": "hi"}, {"body": "ho"}, None]


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        (ForgeKind.GITHUB, ("pending", "success", "failure", "error")),
        (ForgeKind.GITEA, ("pending", "success", "failure", "error")),
        (ForgeKind.GITLAB, ("running", "success", "failed", "canceled")),
    ],
)
def test_marks_on_commits(kind: ForgeKind, states: tuple[str, ...]) -> None:
    at = f"{PROJECT if kind is ForgeKind.GITLAB else REPOS}/statuses/{SHA}"
    with forge(kind, {f"POST {at}": {}}) as (one, server):
        for outcome in Outcome:
            one.set_status(SHA, CommitStatus("galley/shop", outcome, "in 12 s", "http://x"))
    assert tuple(asked.body["state"] for asked in server.asked) == states
    assert server.asked[0].body["description"] == "in 12 s"
    assert server.asked[0].body["target_url"] == "http://x"


def test_gitlab_refuses_a_mark_that_is_there_already() -> None:
    said = {"message": "Cannot transition status via :run from :running (Reason(s): ...)"}
    status = CommitStatus("galley/shop", Outcome.PENDING, "")
    with serve(lambda _asked: (400, said, {})) as server:
        connect(ForgeKind.GITLAB, server.url, "t", LAB).set_status(SHA, status)
    with serve(lambda _asked: (400, {"message": "no"}, {})) as server, pytest.raises(ForgeError):
        connect(ForgeKind.GITLAB, server.url, "t", LAB).set_status(SHA, status)


@pytest.mark.parametrize(
    ("kind", "answers", "name"),
    [
        (ForgeKind.GITHUB, {"GET /user": {"login": "robot"}}, "robot"),
        (ForgeKind.GITHUB, {"GET /user": 403}, "github-actions[bot]"),
        (ForgeKind.GITEA, {"GET /user": 401}, "gitea-actions"),
        (ForgeKind.GITLAB, {"GET /user": {"username": "project_7_bot"}}, "project_7_bot"),
    ],
)
def test_our_own_name(kind: ForgeKind, answers: Answers, name: str) -> None:
    with forge(kind, answers) as (one, server):
        assert [one.own_name(), one.own_name()] == [name, name]
    assert len(server.asked) == 1


def test_where_a_pull_request_s_commits_are() -> None:
    refs = [connect(kind, "http://x", "t", "a/b").ref(12) for kind in ForgeKind]
    assert refs == ["refs/pull/12/head", "refs/pull/12/head", "refs/merge-requests/12/head"]
