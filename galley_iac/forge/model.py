"""What all forges have in common, in one set of words: a GitLab merge request is a pull request here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class ForgeKind(StrEnum):
    """Whose events and whose API: Forgejo is Gitea's."""

    GITHUB = "github"
    GITEA = "gitea"
    GITLAB = "gitlab"


class Subject(StrEnum):
    """What an event is about. Whether something was opened, pushed or closed is asked of the forge instead,
    since events come late, twice, and in any order.
    """

    PULL_REQUEST = "pull request"
    COMMENT = "comment"
    BRANCH = "branch"
    NONE = "none"


@dataclass(frozen=True)
class Event:
    """One event, as far as anything is decided by it. ``action`` is the forge's own word, for messages."""

    subject: Subject
    repository: str = ""
    """``owner/name``; GitLab's may have groups within groups."""
    pull_request: int | None = None
    branch: str = ""
    action: str = ""
    sha: str = ""
    """The commit that the event says it is about; empty where it says none. By now it may be an old one."""
    comment: str = ""
    actor: str = ""
    """Who wrote the comment, or caused the event."""
    label: str = ""
    """The label that was just taken away, where the event says so."""
    stopped: bool = False
    """Whether it is GitLab's order to stop the environment."""

    def without_command(self) -> Event:
        """The same pull request, as if nobody had said anything."""
        if self.subject is not Subject.COMMENT:
            return self
        return replace(self, subject=Subject.PULL_REQUEST, comment="")


class State(StrEnum):
    """Of a pull request."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True)
class PullRequest:
    """A pull request as the forge has it now. ``outside``: who makes its commits need not be allowed to write
    to the repository.
    """

    number: int
    state: State
    head: str
    """The newest commit."""
    branch: str
    author: str
    outside: bool
    draft: bool = False
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Comment:
    """A comment on a pull request."""

    id: int
    author: str
    body: str


class Outcome(StrEnum):
    """What a commit is marked with."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"
    STOPPED = "stopped"
    """Neither good nor bad: a newer commit came before the end."""


@dataclass(frozen=True)
class CommitStatus:
    """The mark on a commit. ``context`` tells it from the marks of others, and a newer one replaces it."""

    context: str
    outcome: Outcome
    description: str
    url: str = ""
