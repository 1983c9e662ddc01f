"""Events of GitHub, and of Gitea and Forgejo, which have the same shape and a few names of their own.

Sources: GitHub's "Webhook events and payloads"; Gitea's deliveries. Gitea says ``synchronized`` and
``label_updated``, has event names such as ``pull_request_sync``, and marks a comment with ``is_pull``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from galley_iac.errors import UsageError
from galley_iac.forge import payload as read
from galley_iac.forge.model import Event, Subject

_ABOUT_CODE = frozenset(
    {"opened", "reopened", "synchronize", "synchronized", "closed", "edited", "ready_for_review"}
    | {"converted_to_draft", "labeled", "unlabeled", "label_updated", "label_cleared"}
)
"""Actions after which something else may be right than before; not those about people, reviews and plans."""

_COMMENTS = frozenset({"issue_comment", "pull_request_comment"})
_REVIEWS = ("pull_request_review", "pull_request_approved", "pull_request_rejected")


def event(name: str, payload: dict[str, Any]) -> Event:
    """The event ``name`` with its payload. UsageError when the payload is not of such an event."""
    reader = _reader(name)
    if reader is None:
        return Event(Subject.NONE, action=name)
    return reader(payload, read.repository(read.text(payload, "repository", "full_name")))


def _reader(name: str) -> Callable[[dict[str, Any], str], Event] | None:
    if name in _COMMENTS:
        return _comment
    if name.startswith("pull_request") and not name.startswith(_REVIEWS):
        return _pull_request
    return {"push": _push, "delete": _delete, "create": _delete, "workflow_dispatch": _by_hand}.get(name)


def _pull_request(payload: dict[str, Any], repository: str) -> Event:
    number = read.number(payload, "pull_request", "number") or read.number(payload, "number")
    action = read.text(payload, "action")
    if number is None or not action:
        raise UsageError("the payload is of no pull request", "hand over the payload of the event named")
    about = action in _ABOUT_CODE
    return Event(
        Subject.PULL_REQUEST if about else Subject.NONE,
        repository,
        number,
        action=action,
        sha=read.sha(payload, "pull_request", "head", "sha"),
        actor=read.text(payload, "sender", "login"),
        label=read.text(payload, "label", "name") if action == "unlabeled" else "",
    )


def _comment(payload: dict[str, Any], repository: str) -> Event:
    """Only a new one: an edited comment would give the same order a second time."""
    number = read.number(payload, "issue", "number")
    action = read.text(payload, "action")
    if number is None or not action:
        raise UsageError("the payload is of no comment", "hand over the payload of the event named")
    ours = action == "created" and _is_on_pull_request(payload)
    return Event(
        Subject.COMMENT if ours else Subject.NONE,
        repository,
        number,
        action=action if _is_on_pull_request(payload) else "a comment on an issue",
        comment=read.text(payload, "comment", "body"),
        actor=read.text(payload, "comment", "user", "login"),
    )


def _is_on_pull_request(payload: dict[str, Any]) -> bool:
    return isinstance(read.node(payload, "issue", "pull_request"), dict) or read.flag(payload, "is_pull")


def _push(payload: dict[str, Any], repository: str) -> Event:
    ref = read.text(payload, "ref")
    if not ref:
        raise UsageError("the payload is of no push", "hand over the payload of the event named")
    branch = read.branch(ref)
    action = "pushed" if read.sha(payload, "after") else "deleted"
    if not branch:
        return Event(Subject.NONE, repository, action=f"a push of {ref}")
    return _of_branch(payload, repository, branch, action)


def _delete(payload: dict[str, Any], repository: str) -> Event:
    """Also of ``create``: what there is now is asked of the forge."""
    ref, kind = read.text(payload, "ref"), read.text(payload, "ref_type")
    if not ref or not kind:
        raise UsageError("the payload says no ref and ref_type", "hand over the payload of the event named")
    if kind != "branch":
        return Event(Subject.NONE, repository, action=f"a {kind} that was made or deleted")
    return _of_branch(payload, repository, read.branch(ref) or ref, "made or deleted")


def _of_branch(payload: dict[str, Any], repository: str, branch: str, action: str) -> Event:
    actor = read.text(payload, "sender", "login")
    after = read.sha(payload, "after")
    return Event(Subject.BRANCH, repository, branch=branch, action=action, sha=after, actor=actor)


def _by_hand(payload: dict[str, Any], repository: str) -> Event:
    """A workflow that somebody started, with an input ``pr``."""
    given = read.text(payload, "inputs", "pr")
    actor = read.text(payload, "sender", "login")
    if given.isascii() and given.isdigit() and int(given) > 0:
        return Event(Subject.PULL_REQUEST, repository, int(given), action="by hand", actor=actor)
    return Event(Subject.NONE, repository, action="a workflow without an input `pr`")
