"""Gitea's and Forgejo's API: GitHub's with differences."""

from __future__ import annotations

from typing import Any

from galley_iac.forge import payload as read
from galley_iac.forges.github import GitHub

_REFERENCE = "refs/"


class Gitea(GitHub):
    """One repository."""

    page_size = "limit"
    robot = "gitea-actions"

    def _is_outside(self, found: Any) -> bool:
        """Also a pull request that was made by pushing to ``refs/for/``: it has no branch, names the base
        repository as its own, and needs no permission to write.
        """
        return super()._is_outside(found) or read.text(found, "head", "ref").startswith(_REFERENCE)

    def _commit(self, branch: Any) -> str:
        return read.sha(branch, "commit", "id")
