"""What a team may set, and what is known before it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from galley_iac.forge.model import PullRequest

OFF_LABEL = "galley:off"
PIN_LABEL = "galley:pin"


@dataclass(frozen=True)
class Policy:
    """Which pull requests and branches get a preview."""

    drafts: bool = False
    paths: tuple[str, ...] = ()
    """Only a pull request that changes at least one of these; none means any."""
    branches: tuple[str, ...] = ()
    """Branches that have a preview without a pull request; none means none."""
    label: str = ""
    """Only a pull request with this label; empty means any."""


@dataclass(frozen=True)
class Facts:
    """What is true now, as the forge and the backend say. None means: there is no such thing."""

    pull_request: PullRequest | None = None
    branch_head: str | None = None
    preview: str | None = None
    """The commit that the preview was last updated to; empty where nothing says it."""
    actor_may_write: bool = False
    author_may_write: bool = False
    approvals: Mapping[str, str] = field(default_factory=dict)
    """Commit → who approved it. Only approvals of people who may write."""
    paths: tuple[str, ...] = ()
    """What the pull request changes; asked for only where the policy has paths."""
