"""Running git: what comes back where it works, fails, is not there, or does not end."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from galley_iac.source import git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


def hook(folder: Path, name: str, text: str) -> None:
    path = folder / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_what_it_prints_is_bytes(repository: Path) -> None:
    assert git.run(repository, "config", "a.b", "\udcff") == git.Ran(0, b"", "")
    assert git.run(repository, "config", "a.b") == git.Ran(0, b"\xff\n", "")


def test_what_it_complains_of(repository: Path) -> None:
    ran = git.run(repository, "rev-parse", "--verify", "nothing")
    assert (ran.code, ran.out) == (128, b"")
    assert ran.err.startswith("fatal: ")


def test_it_speaks_one_language_and_asks_nothing(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "1")
    said = git.run(repository, "-c", "alias.show-env=!env; cat", "show-env").out.decode().splitlines()
    assert {"LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_LFS_SKIP_SMUDGE=1"} <= set(said)


def test_no_hook_of_the_repository_runs(repository: Path) -> None:
    hook(repository, "reference-transaction", "touch ran")
    commit = ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "-m", "one")
    assert git.run(repository, *commit).code == 0
    assert not (repository / "ran").exists()
    subprocess.run(["git", "-C", repository, "branch", "other"], check=True)
    assert (repository / "ran").exists(), "it would have"


def test_no_git_on_the_machine(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository / "nothing"))
    assert git.run(repository, "status") == git.Ran(127, b"", "there is no git on this machine")


def test_one_that_does_not_end(repository: Path) -> None:
    os.mkfifo(repository / "nobody-writes")
    ran = git.run(repository, "hash-object", "nobody-writes", within=0.2)
    assert ran == git.Ran(124, b"", "no end within 0 s")
