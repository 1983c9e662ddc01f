"""GitLab's REST API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from galley_iac.forge import payload as read
from galley_iac.forge.model import Comment, CommitStatus, Outcome, PullRequest, State
from galley_iac.forges.http import PAGE, ForgeError, Http, escaped

_REFUSED = 400
_DEVELOPER = 30
"""The least access level that may push."""

_SAME_STATE = "Cannot transition status"
"""What GitLab says when a commit has the status already."""


class GitLab:
    """One project; ``repository`` is its path, with groups within groups."""

    def __init__(self, http: Http, repository: str) -> None:
        self._http = http
        self._at = f"/projects/{escaped(repository)}"
        self._writers: dict[str, bool] = {}
        self._own_name = ""

    def pull_request(self, number: int) -> PullRequest | None:
        """The merge request as it is now."""
        found = self._found(f"{self._at}/merge_requests/{number}")
        if found is None:
            return None
        labels = read.items(found, "labels")
        source, target = (read.number(found, f"{side}_project_id") for side in ("source", "target"))
        return PullRequest(
            number,
            _STATES.get(read.text(found, "state"), State.CLOSED),
            read.sha(found, "sha"),
            read.text(found, "source_branch"),
            read.text(found, "author", "username"),
            source is None or source != target,
            read.flag(found, "draft"),
            frozenset(label for label in labels if isinstance(label, str)),
        )

    def branch_head(self, branch: str) -> str | None:
        """The branch's newest commit."""
        found = self._found(f"{self._at}/repository/branches/{escaped(branch)}")
        return read.sha(found, "commit", "id") or None

    def changed_paths(self, number: int) -> tuple[str, ...]:
        """Old and new names of all files."""
        entries = self._http.pages(f"{self._at}/merge_requests/{number}/diffs", per_page=PAGE)
        both = ((read.text(one, "new_path"), read.text(one, "old_path")) for one in entries)
        return tuple(dict.fromkeys(name for names in both for name in names if name))

    def may_write(self, user: str) -> bool:
        """Whether the user is at least a developer, of the project or of a group that it is in."""
        if user and user not in self._writers:
            self._writers[user] = self._level(user) >= _DEVELOPER
        return self._writers.get(user, False)

    def _level(self, user: str) -> int:
        people = self._http.get("/users", username=user)
        ids = [read.number(one, "id") for one in people] if isinstance(people, list) else []
        found = self._found(f"{self._at}/members/all/{ids[0]}") if len(ids) == 1 and ids[0] else None
        return read.number(found, "access_level") or 0

    def comments(self, number: int) -> Iterable[Comment]:
        """What people wrote; what GitLab notes by itself is no comment."""
        order = {"sort": "asc", "order_by": "created_at"}
        for found in self._http.pages(f"{self._at}/merge_requests/{number}/notes", per_page=PAGE, **order):
            if not read.flag(found, "system"):
                yield _comment(found)

    def add_comment(self, number: int, body: str) -> Comment:
        """Writes a comment."""
        return _comment(self._http.send("POST", self._notes(number), {"body": body}))

    def edit_comment(self, number: int, comment: int, body: str) -> None:
        """Replaces a comment's text."""
        self._http.send("PUT", f"{self._notes(number)}/{comment}", {"body": body})

    def remove_comment(self, number: int, comment: int) -> None:
        """Deletes a comment."""
        self._http.send("DELETE", f"{self._notes(number)}/{comment}")

    def set_status(self, commit: str, status: CommitStatus) -> None:
        """Marks a commit. That it has the mark already is a refusal of GitLab's, and none for us."""
        body = {
            "state": _OUTCOMES[status.outcome],
            "name": status.context,
            "description": status.description,
            **({"target_url": status.url} if status.url else {}),
        }
        try:
            self._http.send("POST", f"{self._at}/statuses/{escaped(commit)}", body)
        except ForgeError as error:
            if error.status != _REFUSED or _SAME_STATE not in str(error):
                raise

    def own_name(self) -> str:
        """The token's user; a project's token has a robot of its own."""
        if not self._own_name:
            self._own_name = read.text(self._http.get("/user"), "username")
        return self._own_name

    def ref(self, number: int) -> str:
        """Forks' commits are there as well."""
        return f"refs/merge-requests/{number}/head"

    def _notes(self, number: int) -> str:
        return f"{self._at}/merge_requests/{number}/notes"

    def _found(self, path: str) -> Any:
        return self._http.found(path, self._at)


_STATES = {"opened": State.OPEN, "locked": State.OPEN, "closed": State.CLOSED, "merged": State.MERGED}
"""A locked one is being merged right now."""

_OUTCOMES = {
    Outcome.PENDING: "running",
    Outcome.SUCCESS: "success",
    Outcome.FAILURE: "failed",
    Outcome.STOPPED: "canceled",
}


def _comment(found: Any) -> Comment:
    return Comment(
        read.number(found, "id") or 0, read.text(found, "author", "username"), read.text(found, "body")
    )
