"""GitHub's REST API, as far as Gitea and Forgejo have copied it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from galley_iac.forge import payload as read
from galley_iac.forge.model import Comment, CommitStatus, Outcome, PullRequest, State
from galley_iac.forges.http import PAGE, ForgeError, Http, escaped

_FORBIDDEN = (401, 403)
_WRITERS = frozenset({"admin", "maintain", "write", "owner"})


class GitHub:
    """One repository."""

    page_size = "per_page"
    robot = "github-actions[bot]"
    """Who comments with the token of a workflow's own, which may not ask who it is."""

    def __init__(self, http: Http, repository: str) -> None:
        self._http = http
        owner, _, name = repository.partition("/")
        self._repository = repository.lower()
        self._at = f"/repos/{escaped(owner)}/{escaped(name)}"
        self._writers: dict[str, bool] = {}
        self._own_name = ""

    def pull_request(self, number: int) -> PullRequest | None:
        """The pull request as it is now."""
        found = self._found(f"{self._at}/pulls/{number}")
        if found is None:
            return None
        labels = (read.text(label, "name") for label in read.items(found, "labels"))
        return PullRequest(
            number,
            _state(found),
            read.sha(found, "head", "sha"),
            read.text(found, "head", "ref"),
            read.text(found, "user", "login"),
            self._is_outside(found),
            read.flag(found, "draft"),
            frozenset(labels),
        )

    def branch_head(self, branch: str) -> str | None:
        """The branch's newest commit."""
        found = self._found(f"{self._at}/branches/{escaped(branch)}")
        return self._commit(found) or None

    def changed_paths(self, number: int) -> tuple[str, ...]:
        """Names of all files; GitHub gives the first 3,000."""
        entries = self._http.pages(f"{self._at}/pulls/{number}/files", **{self.page_size: PAGE})
        both = ((read.text(one, "filename"), read.text(one, "previous_filename")) for one in entries)
        return tuple(dict.fromkeys(name for names in both for name in names if name))

    def may_write(self, user: str) -> bool:
        """Asked once for each user; of a person's own repository, that person is not asked for."""
        if user and user.lower() == self._repository.partition("/")[0]:
            return True
        if user and user not in self._writers:
            found = self._found(f"{self._at}/collaborators/{escaped(user)}/permission")
            self._writers[user] = read.text(found, "permission") in _WRITERS
        return self._writers.get(user, False)

    def comments(self, number: int) -> Iterable[Comment]:
        """The pull request's comments."""
        for found in self._http.pages(f"{self._at}/issues/{number}/comments", **{self.page_size: PAGE}):
            yield _comment(found)

    def add_comment(self, number: int, body: str) -> Comment:
        """Writes a comment."""
        return _comment(self._http.send("POST", f"{self._at}/issues/{number}/comments", {"body": body}))

    def edit_comment(self, number: int, comment: int, body: str) -> None:  # noqa: ARG002
        """Comments are numbered over the whole repository."""
        self._http.send("PATCH", f"{self._at}/issues/comments/{comment}", {"body": body})

    def remove_comment(self, number: int, comment: int) -> None:  # noqa: ARG002
        """Deletes a comment."""
        self._http.send("DELETE", f"{self._at}/issues/comments/{comment}")

    def set_status(self, commit: str, status: CommitStatus) -> None:
        """Marks a commit."""
        body = {
            "state": _STATES[status.outcome],
            "context": status.context,
            "description": status.description,
            "target_url": status.url,
        }
        self._http.send("POST", f"{self._at}/statuses/{escaped(commit)}", body)

    def own_name(self) -> str:
        """The token's user; a workflow's own token is refused, and comments as the robot."""
        if not self._own_name:
            try:
                self._own_name = read.text(self._http.get("/user"), "login")
            except ForgeError as error:
                if error.status not in _FORBIDDEN:
                    raise
            self._own_name = self._own_name or self.robot
        return self._own_name

    def ref(self, number: int) -> str:
        """Forks' commits are there as well."""
        return f"refs/pull/{number}/head"

    def _is_outside(self, found: Any) -> bool:
        """A head of another repository, or of one that is gone."""
        return read.text(found, "head", "repo", "full_name").lower() != self._repository

    def _commit(self, branch: Any) -> str:
        return read.sha(branch, "commit", "sha")

    def _found(self, path: str) -> Any:
        return self._http.found(path, self._at)


_STATES = {
    Outcome.PENDING: "pending",
    Outcome.SUCCESS: "success",
    Outcome.FAILURE: "failure",
    Outcome.STOPPED: "error",
}


def _state(found: Any) -> State:
    if read.text(found, "state") == "open":
        return State.OPEN
    return State.MERGED if read.flag(found, "merged") else State.CLOSED


def _comment(found: Any) -> Comment:
    return Comment(read.number(found, "id") or 0, read.text(found, "user", "login"), read.text(found, "body"))
