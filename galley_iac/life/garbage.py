"""Which previews may go, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from galley_iac import duration
from galley_iac.life.lease import Lease
from galley_iac.plan.identity import Identity


class Cause(StrEnum):
    """Why something is garbage."""

    EXPIRED = "expired"
    BRANCH_GONE = "branch gone"
    PULL_REQUEST_CLOSED = "pull request closed"
    NO_STACK = "no stack"
    UNUSED = "unused"
    NO_IMAGE = "no image"
    OWNER_DEAD = "owner dead"


@dataclass(frozen=True)
class Reason:
    """A cause, and the same in words."""

    cause: Cause
    words: str


@dataclass(frozen=True)
class Repository:
    """What is known of one repository: its branches and its open pull requests; None where nobody asked.

    ``forge``, ``owner`` and ``name`` are as in an identity; all empty where there is no remote, and then only
    ``project`` says what belongs to it.
    """

    project: str
    forge: str = ""
    owner: str = ""
    name: str = ""
    branches: frozenset[str] | None = None
    pull_requests: frozenset[int] | None = None

    def owns(self, identity: Identity) -> bool:
        """Whether a preview is of this repository: of any of its projects, where there is a remote."""
        if not self.name:
            return not identity.repository and identity.project == self.project
        return (identity.forge, identity.owner, identity.repository) == (self.forge, self.owner, self.name)


@dataclass(frozen=True)
class Known:
    """One preview as its stack tells; ``identity`` is None where even that does not say whose it is."""

    name: str
    identity: Identity | None
    lease: Lease


def reason(preview: Known, repository: Repository | None, now: float) -> Reason | None:
    """Why the preview may go; None when it has to stay, and always when it is pinned."""
    if preview.lease.pinned:
        return None
    found = _source_gone(preview.identity, repository)
    if found is None and preview.lease.has_expired(now):
        found = _expired(preview.lease, now)
    return found


def _source_gone(identity: Identity | None, repository: Repository | None) -> Reason | None:
    if identity is None or repository is None or not repository.owns(identity):
        return None
    number = identity.pull_request
    if number is not None:
        if repository.pull_requests is None or number in repository.pull_requests:
            return None
        return Reason(Cause.PULL_REQUEST_CLOSED, f"pull request {number} is not open any more")
    if repository.branches is None or identity.branch in repository.branches:
        return None
    return Reason(Cause.BRANCH_GONE, f"branch {identity.branch} is gone")


def _expired(lease: Lease, now: float) -> Reason:
    if lease.until is not None and lease.expires == lease.until:
        since = duration.text(now - lease.until)
        return Reason(Cause.EXPIRED, f"its extension ended {since} ago")
    idle = duration.text(lease.idle(now) or 0.0)
    return Reason(Cause.EXPIRED, f"idle for {idle} (TTL {duration.text(lease.ttl)})")
