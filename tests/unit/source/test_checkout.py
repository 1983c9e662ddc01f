"""One commit's files, with real git."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from galley_iac.errors import UsageError
from galley_iac.source import checkout as module
from galley_iac.source.checkout import checkout
from galley_iac.source.repository import origin_of, root_of

REFERENCE = "refs/pull/12/head"


def git(folder: Path, *words: str) -> str:
    own = ["-c", "user.name=T", "-c", "user.email=t@example.test", "-c", "protocol.file.allow=always"]
    done = subprocess.run(["git", "-C", folder, *own, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository with ``main``, and a commit that only a pull request has."""
    folder = tmp_path / "origin" / "shop"
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for text in ("one", "two"):
        (folder / "file").write_text(text)
        git(folder, "add", "file")
        git(folder, "commit", "--quiet", "--message", text)
    git(folder, "update-ref", REFERENCE, "HEAD")
    git(folder, "reset", "--quiet", "--hard", "HEAD^")
    return folder


@pytest.fixture(params=[[], ["--depth=1"]], ids=["whole", "shallow"])
def runner(origin: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    folder = tmp_path / "shop"
    git(tmp_path, "clone", "--quiet", *request.param, f"file://{origin}", str(folder))
    return folder


def test_a_commit_that_has_to_be_fetched(origin: Path, runner: Path) -> None:
    commit = git(origin, "rev-parse", REFERENCE)
    with checkout(runner, commit, REFERENCE) as folder:
        assert (folder / "file").read_text() == "two"
        assert folder != runner
        assert root_of(folder) == folder
        assert folder.name == "shop"
        assert origin_of(folder) == origin_of(runner)
    assert not folder.exists()
    assert (runner / "file").read_text() == "one"
    assert len(git(runner, "worktree", "list").splitlines()) == 1


def test_what_is_checked_out_already_is_used_as_it_is(runner: Path) -> None:
    (runner / "made-by-the-job").touch()
    with checkout(runner, git(runner, "rev-parse", "HEAD"), REFERENCE) as folder:
        assert (folder / "made-by-the-job").exists()
    assert folder.exists()


def test_two_at_once(origin: Path, runner: Path) -> None:
    commit = git(origin, "rev-parse", REFERENCE)
    with checkout(runner, commit, REFERENCE) as one, checkout(runner, commit, REFERENCE) as two:
        assert one != two
        assert (one / "file").read_text() == (two / "file").read_text() == "two"


def test_a_reference_that_comes_after_its_commit(
    origin: Path, runner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gitea tells of a push before the pull request's reference is there."""
    commit = git(origin, "rev-parse", REFERENCE)
    git(origin, "update-ref", REFERENCE, git(origin, "rev-parse", f"{commit}~1"))
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            git(origin, "update-ref", REFERENCE, commit)

    monkeypatch.setattr(module, "time", SimpleNamespace(sleep=sleep))
    with checkout(runner, commit, REFERENCE) as folder:
        assert (folder / "file").read_text() == "two"
    assert pauses == [0, 1, 2]


def test_a_commit_that_is_not_there_any_more(runner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "time", SimpleNamespace(sleep=lambda _: None))
    with pytest.raises(UsageError, match="does not have commit"), checkout(runner, "a" * 40, REFERENCE):
        pass
    with pytest.raises(UsageError, match="git fetch failed"), checkout(runner, "a" * 40, "refs/pull/99/head"):
        pass
    with pytest.raises(UsageError, match="names no commit"), checkout(runner, "", REFERENCE):
        pass


def test_no_hook_of_the_checkout_runs(origin: Path, runner: Path) -> None:
    hook = runner / ".git" / "hooks" / "post-checkout"
    hook.write_text("#!/bin/sh\ntouch ran\n")
    hook.chmod(0o755)
    with checkout(runner, git(origin, "rev-parse", REFERENCE), REFERENCE) as folder:
        assert not (folder / "ran").exists()


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="git fetch failed"), checkout(tmp_path, "a" * 40, REFERENCE):
        pass
