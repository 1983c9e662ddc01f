"""From a kind and an address to a forge."""

from __future__ import annotations

from galley_iac.forge.model import ForgeKind
from galley_iac.forges.base import Forge
from galley_iac.forges.gitea import Gitea
from galley_iac.forges.github import GitHub
from galley_iac.forges.gitlab import GitLab
from galley_iac.forges.http import Http


def connect(kind: ForgeKind, api: str, token: str, repository: str) -> Forge:
    """A repository on the forge whose API is at ``api``. Asks nothing yet."""
    http = Http(api, token)
    if kind is ForgeKind.GITLAB:
        return GitLab(http, repository)
    return Gitea(http, repository) if kind is ForgeKind.GITEA else GitHub(http, repository)
