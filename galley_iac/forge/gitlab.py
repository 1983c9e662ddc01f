"""Events of GitLab: the payload of a webhook, or what the variables of a pipeline say.

Sources: GitLab's "Webhook events" and "Predefined CI/CD variables". GitLab runs no ordinary pipeline when a
merge request is closed or somebody comments: an environment's ``on_stop`` job and a webhook's pipeline do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from galley_iac.errors import UsageError
from galley_iac.forge import payload as read
from galley_iac.forge.model import Event, Subject

_ABOUT_CODE = frozenset({"open", "reopen", "update", "close", "merge"})
_STOP = "stop"


def event(payload: dict[str, Any]) -> Event:
    """The event of a webhook; UsageError when the payload is not of the kind that it says."""
    kind = read.text(payload, "object_kind")
    reader = {"merge_request": _merge_request, "note": _note, "push": _push}.get(kind)
    if reader is None:
        return Event(Subject.NONE, action=kind or "a payload without object_kind")
    return reader(payload, read.repository(read.text(payload, "project", "path_with_namespace")))


def from_variables(variables: Mapping[str, str]) -> Event:
    """The event of a pipeline without a payload: a merge request's, or a branch's."""
    repository = read.repository(variables.get("CI_PROJECT_PATH", ""))
    action = variables.get("CI_ENVIRONMENT_ACTION") or variables.get("CI_PIPELINE_SOURCE", "a pipeline")
    known = Event(
        Subject.NONE,
        repository,
        action=action,
        sha=variables.get("CI_COMMIT_SHA", ""),
        actor=variables.get("GITLAB_USER_LOGIN", ""),
        stopped=variables.get("CI_ENVIRONMENT_ACTION") == _STOP,
    )
    number, branch = variables.get("CI_MERGE_REQUEST_IID", ""), variables.get("CI_COMMIT_BRANCH", "")
    if number.isascii() and number.isdigit() and int(number) > 0:
        return replace(known, subject=Subject.PULL_REQUEST, pull_request=int(number))
    if branch:
        return replace(known, subject=Subject.BRANCH, branch=branch)
    return replace(known, action=f"{action} of neither a merge request nor a branch")


def _merge_request(payload: dict[str, Any], repository: str) -> Event:
    number = read.number(payload, "object_attributes", "iid")
    if number is None:
        raise UsageError("the payload is of no merge request", "hand over the payload as GitLab sent it")
    action = read.text(payload, "object_attributes", "action")
    return Event(
        Subject.PULL_REQUEST if action in _ABOUT_CODE else Subject.NONE,
        repository,
        number,
        action=action or "no action",
        sha=read.sha(payload, "object_attributes", "last_commit", "id"),
        actor=read.text(payload, "user", "username"),
        label=_removed_label(payload),
    )


def _removed_label(payload: dict[str, Any]) -> str:
    """One that was there before and is no more; GitLab sends both lists."""
    now = {read.text(entry, "title") for entry in read.items(payload, "changes", "labels", "current")}
    before = [read.text(entry, "title") for entry in read.items(payload, "changes", "labels", "previous")]
    return next((label for label in before if label not in now), "")


def _note(payload: dict[str, Any], repository: str) -> Event:
    number = read.number(payload, "merge_request", "iid")
    about = read.text(payload, "object_attributes", "noteable_type")
    if about != "MergeRequest":
        return Event(Subject.NONE, repository, action=f"a comment on {about or 'something'}")
    if number is None:
        raise UsageError("the payload is of no merge request", "hand over the payload as GitLab sent it")
    action = read.text(payload, "object_attributes", "action") or "create"
    return Event(
        Subject.COMMENT if action == "create" else Subject.NONE,
        repository,
        number,
        action=f"{action} a comment",
        comment=read.text(payload, "object_attributes", "note"),
        actor=read.text(payload, "user", "username"),
    )


def _push(payload: dict[str, Any], repository: str) -> Event:
    branch, after = read.branch(read.text(payload, "ref")), read.sha(payload, "after")
    if not branch:
        return Event(Subject.NONE, repository, action="a push of no branch")
    actor = read.text(payload, "user_username")
    action = "pushed" if after else "deleted"
    return Event(Subject.BRANCH, repository, branch=branch, action=action, sha=after, actor=actor)
