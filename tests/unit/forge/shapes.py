"""Payloads in the shapes that GitHub ("Webhook events and payloads") and GitLab ("Webhook events") publish,
cut down to what those pages say is always there. They are written here after those pages; what a real forge
sent is in ``tests/forge``.
"""

from __future__ import annotations

from typing import Any

SHA, OTHER = "a" * 40, "b" * 40
ZEROS = "0" * 40
REPOSITORY = {"full_name": "acme/shop", "name": "shop", "owner": {"login": "acme"}}
SENDER = {"login": "ann"}
PROJECT = {"id": 7, "path_with_namespace": "acme/tools/shop", "web_url": "https://forge.test/acme/tools/shop"}


def pull_request(action: str, *, number: int = 12, **more: Any) -> dict[str, Any]:
    """GitHub's ``pull_request``."""
    head = {"ref": "feature", "sha": SHA, "repo": REPOSITORY}
    about = {"number": number, "state": "open", "draft": False, "head": head, "user": SENDER, "labels": []}
    return {
        "action": action,
        "number": number,
        "pull_request": about,
        "repository": REPOSITORY,
        "sender": SENDER,
        **more,
    }


def issue_comment(body: str, action: str = "created", *, on: str = "pull_request") -> dict[str, Any]:
    """GitHub's ``issue_comment``; pull requests are issues with a key ``pull_request``."""
    issue: dict[str, Any] = {"number": 12, "state": "open", "user": SENDER}
    if on == "pull_request":
        issue["pull_request"] = {"url": "https://forge.test/repos/acme/shop/pulls/12"}
    comment = {"id": 3, "body": body, "user": {"login": "bob"}}
    return {"action": action, "issue": issue, "comment": comment, "repository": REPOSITORY, "sender": SENDER}


def push(ref: str, after: str = SHA) -> dict[str, Any]:
    """GitHub's ``push``."""
    deleted = after == ZEROS
    return {"ref": ref, "after": after, "deleted": deleted, "repository": REPOSITORY, "sender": SENDER}


def delete(ref: str, ref_type: str = "branch") -> dict[str, Any]:
    """GitHub's ``delete`` and ``create``."""
    return {"ref": ref, "ref_type": ref_type, "repository": REPOSITORY, "sender": SENDER}


def merge_request(action: str, **changes: Any) -> dict[str, Any]:
    """GitLab's merge request event."""
    attributes = {"iid": 12, "state": "opened", "action": action, "last_commit": {"id": SHA}}
    return {
        "object_kind": "merge_request",
        "user": {"username": "ann"},
        "project": PROJECT,
        "object_attributes": attributes,
        "changes": changes,
    }


def note(body: str, about: str = "MergeRequest", action: str = "create") -> dict[str, Any]:
    """GitLab's comment event."""
    attributes = {"note": body, "noteable_type": about, "action": action}
    return {
        "object_kind": "note",
        "user": {"username": "bob"},
        "project": PROJECT,
        "object_attributes": attributes,
        "merge_request": {"iid": 12, "state": "opened"},
    }


def gitlab_push(ref: str, after: str = SHA) -> dict[str, Any]:
    """GitLab's push event."""
    return {
        "object_kind": "push",
        "ref": ref,
        "after": after,
        "user_username": "ann",
        "project": PROJECT,
    }
