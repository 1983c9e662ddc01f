"""What is asked of every forge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from galley_iac.forge.model import Comment, CommitStatus, PullRequest


class Forge(Protocol):
    """One repository on a forge. Every method raises ForgeError when the forge refuses or does not answer."""

    def pull_request(self, number: int) -> PullRequest | None:
        """The pull request as it is now; None where there is none."""

    def branch_head(self, branch: str) -> str | None:
        """The branch's newest commit; None where there is no such branch."""

    def changed_paths(self, number: int) -> tuple[str, ...]:
        """What the pull request changes; of a renamed file both names."""

    def may_write(self, user: str) -> bool:
        """Whether the user may push to the repository."""

    def comments(self, number: int) -> Iterable[Comment]:
        """The pull request's comments, the oldest first."""

    def add_comment(self, number: int, body: str) -> Comment:
        """Writes a comment."""

    def edit_comment(self, number: int, comment: int, body: str) -> None:
        """Replaces a comment's text."""

    def remove_comment(self, number: int, comment: int) -> None:
        """Deletes a comment."""

    def set_status(self, commit: str, status: CommitStatus) -> None:
        """Marks a commit."""

    def own_name(self) -> str:
        """The login that our comments appear under."""

    def ref(self, number: int) -> str:
        """The git reference under which the base repository has the pull request's commits."""
