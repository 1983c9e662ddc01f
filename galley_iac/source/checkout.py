"""One commit's files, wherever the runner's checkout is."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from galley_iac.errors import UsageError
from galley_iac.source import git
from galley_iac.source.repository import commit_of

_PAUSES = (0, 1, 2, 4, 8)
"""Seconds before each attempt: a forge tells of a commit before the pull request's reference has it."""


@contextlib.contextmanager
def checkout(root: Path, commit: str, reference: str) -> Iterator[Path]:
    """A folder with the commit's files. Where it is checked out at ``root``, that is the folder; otherwise a
    work tree beside it, which is removed afterwards. ``reference`` is where ``origin`` has the commit.

    Raises UsageError where it cannot be had.
    """
    if not commit:
        raise UsageError("the forge names no commit for it", "push one")
    if commit_of(root).sha == commit:
        yield root
        return
    if not _has(root, commit):
        _fetch(root, commit, reference)
    folder = Path(tempfile.mkdtemp(prefix="galley-"))
    try:
        _git(root, "worktree", "add", "--quiet", "--detach", str(folder / root.name), commit)
        yield folder / root.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _git(root, "worktree", "prune")


def _has(root: Path, commit: str) -> bool:
    return git.run(root, "cat-file", "-e", f"{commit}^{{commit}}").code == 0


def _fetch(root: Path, commit: str, reference: str) -> None:
    """No deeper than the checkout is already."""
    shallow = git.run(root, "rev-parse", "--is-shallow-repository").out.strip() == b"true"
    depth = ["--depth=1"] if shallow else []
    for pause in _PAUSES:
        time.sleep(pause)
        _git(root, "fetch", "--quiet", "--no-tags", *depth, "origin", "--", reference, within=git.REMOTE)
        if _has(root, commit):
            return
    raise UsageError(
        f"{reference} of origin does not have commit {commit[:10]}, or not any more",
        "a newer one has been pushed: its own run brings it up",
    )


def _git(root: Path, *arguments: str, within: float = git.LOCAL) -> None:
    ran = git.run(root, *arguments, within=within)
    if ran.code != 0:
        said = "\n".join(ran.err.strip().splitlines()[-3:])
        raise UsageError(
            f"git {arguments[0]} failed in {root}: {said}",
            "the job has to check the repository out, and may not throw its credentials away",
        )
