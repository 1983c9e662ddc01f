"""Where a repository begins, and who it is."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path

from galley_iac.errors import UsageError
from galley_iac.source import git

_HEADS = "refs/heads/"
_AUTHORITY = r"(?:[^@/]+@)?(?P<host>\[[^\]/]+\]|[^:/]+)"
_PATH = r"/*(?P<path>.+?)(?:\.git)?/*$"
_REMOTES = (
    re.compile(rf"[a-z+]+://{_AUTHORITY}(?::\d+)?/{_PATH}", re.IGNORECASE),
    re.compile(rf"(?![a-z+]+://){_AUTHORITY}:{_PATH}", re.IGNORECASE),
)
"""A URL, and scp's short form; what has neither ``://`` nor ``:`` is a path on this machine."""

_DISTRUST = "detected dubious ownership"


@dataclass(frozen=True)
class Origin:
    """Where the repository is kept: ``forge`` is the host's name. All empty where there is no remote."""

    forge: str = ""
    owner: str = ""
    repository: str = ""


@dataclass(frozen=True)
class Commit:
    """What is checked out; both empty where that cannot be told."""

    sha: str = ""
    author: str = ""


def root_of(folder: Path) -> Path:
    """The nearest folder with ``.git`` above or at ``folder``; ``folder`` itself where there is none."""
    folder = folder.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / ".git").exists():
            return candidate
    return folder


def current_branch(folder: Path) -> str | None:
    """The checked-out branch; None outside a repository, without git, or with a detached HEAD."""
    branch = _git(folder, "symbolic-ref", "--quiet", "--short", "HEAD")
    return branch or None


def commit_of(folder: Path) -> Commit:
    """The commit that is checked out, with its author's name."""
    sha, _, author = _git(folder, "log", "-1", "--format=%H%n%an").partition("\n")
    return Commit(sha, author)


def branches_of(folder: Path, remote: str) -> frozenset[str] | None:
    """The branches that a remote, by name, URL or path, has now; None when it does not say."""
    listed = _git(folder, "ls-remote", "--heads", "--", remote)
    heads = (line.partition("\t")[2] for line in listed.splitlines())
    return frozenset(head.removeprefix(_HEADS) for head in heads if head.startswith(_HEADS)) or None


def origin_of(folder: Path) -> Origin:
    """The forge, owner and repository of the remote ``origin``.

    Raises UsageError where git does not trust the folder: it would say, without a word of why, that there is
    no remote, and the preview would get another project's name.
    """
    _git(folder, "rev-parse", "--git-dir")
    return parse_remote(_git(folder, "config", "--get", "remote.origin.url"))


def parse_remote(url: str) -> Origin:
    """``git@host:owner/name.git`` and ``https://host/owner/name`` alike; empty for a path on this machine."""
    match = next(filter(None, (remote.match(url) for remote in _REMOTES)), None)
    if match is None or url.startswith(("/", ".", "file:")):
        return Origin()
    owner, _, repository = match["path"].strip("/").rpartition("/")
    return Origin(match["host"].lower(), owner, repository)


def _git(folder: Path, *arguments: str) -> str:
    """What git prints; nothing where it fails, or where that is no text."""
    ran = git.run(folder, *arguments)
    if _DISTRUST in ran.err:
        raise UsageError(
            f"git does not trust {folder}: it belongs to another user",
            f"git config --global --add safe.directory {root_of(folder)}",
        )
    if ran.code != 0:
        return ""
    with contextlib.suppress(UnicodeDecodeError):
        return ran.out.decode().strip()
    return ""
