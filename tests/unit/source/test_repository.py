"""Whose repository it is, where it begins, and which branch is checked out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from galley_iac.errors import UsageError
from galley_iac.source.repository import Origin, current_branch, origin_of, parse_remote, root_of

SHOP = Origin("git.example", "acme", "shop")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    return tmp_path


def git(folder: Path, *arguments: str | bytes) -> None:
    subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)


def commit(folder: Path) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    git(folder, *identity, "commit", "-q", "--allow-empty", "-m", "one")


@pytest.mark.parametrize(
    "url",
    [
        "git@git.example:acme/shop.git",
        "git@git.example:acme/shop",
        "git@git.example:/acme/shop.git",
        "git.example:acme/shop.git",
        "https://git.example/acme/shop.git",
        "https://git.example/acme/shop",
        "https://git.example/acme/shop/",
        "https://git.example/acme/shop.git/",
        "HTTPS://Git.Example/acme/shop",
        "https://ann:t0ken@git.example:8443/acme/shop.git",
        "https://ann@git.example/acme/shop.git",
        "http://git.example:3000/acme/shop.git",
        "ssh://git@git.example/acme/shop.git",
        "ssh://git@git.example:2222/acme/shop.git",
        "git+ssh://git@git.example/acme/shop.git",
        "git://git.example/acme/shop.git",
    ],
)
def test_one_repository_in_many_ways(url: str) -> None:
    assert parse_remote(url) == SHOP


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://git.example/group/team/shop.git", Origin("git.example", "group/team", "shop")),
        ("git@git.example:shop.git", Origin("git.example", "", "shop")),
        ("https://git.example/Acme/Shop.js.git", Origin("git.example", "Acme", "Shop.js")),
        ("https://git.example/acme/.github", Origin("git.example", "acme", ".github")),
        ("ssh://git@[::1]:2222/acme/shop.git", Origin("[::1]", "acme", "shop")),
    ],
)
def test_others(url: str, origin: Origin) -> None:
    assert parse_remote(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/srv/git/shop.git",
        "./shop",
        "../shop.git",
        "~/git/shop",
        "git/shop",
        "shop",
        "file:///srv/shop.git",
    ],
)
def test_a_path_on_this_machine_is_nobody_s(url: str) -> None:
    """Two machines may have other repositories at the same path."""
    assert parse_remote(url) == Origin()


def test_no_password_is_taken_over() -> None:
    assert "t0ken" not in repr(parse_remote("https://ann:t0ken@git.example/acme/shop.git"))


def test_origin_of_a_repository(repository: Path) -> None:
    assert origin_of(repository) == Origin()
    git(repository, "remote", "add", "upstream", "https://git.example/other/shop.git")
    assert origin_of(repository) == Origin()
    git(repository, "remote", "add", "origin", "git@git.example:acme/shop.git")
    assert origin_of(repository) == SHOP


def test_root(repository: Path) -> None:
    below = repository / "a" / "b"
    below.mkdir(parents=True)
    assert root_of(below) == root_of(repository) == repository.resolve()


def test_root_of_a_worktree_whose_git_is_a_file(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")
    (tmp_path / "a").mkdir()
    assert root_of(tmp_path / "a") == tmp_path.resolve()


def test_root_through_a_link(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    link = tmp_path_factory.mktemp("links") / "link"
    link.symlink_to(repository)
    assert root_of(link) == repository.resolve()


def test_branch_before_the_first_commit(repository: Path) -> None:
    assert current_branch(repository) == "main"


@pytest.mark.parametrize("name", ["feature/x", "größe", "pr-12", "a'b"])
def test_branch(repository: Path, name: str) -> None:
    git(repository, "checkout", "-q", "-b", name)
    assert current_branch(repository) == name


def test_a_branch_is_utf_8_in_whatever_locale(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same branch must not have another name on a machine with another language."""
    git(repository, "checkout", "-q", "-b", "größe")
    monkeypatch.setattr("locale.getencoding", lambda: "latin-1")
    monkeypatch.setattr("locale.getpreferredencoding", lambda *_: "latin-1")
    assert current_branch(repository) == "größe"


def test_a_branch_that_is_no_text_is_none(repository: Path) -> None:
    """It could not be written into a label either; the command asks for a name."""
    git(repository, "checkout", "-q", "-b", b"b\xff")
    assert current_branch(repository) is None


def test_a_detached_head_has_no_branch(repository: Path) -> None:
    commit(repository)
    git(repository, "checkout", "-q", "--detach")
    assert current_branch(repository) is None


def test_outside_a_repository(tmp_path: Path) -> None:
    assert (current_branch(tmp_path), origin_of(tmp_path)) == (None, Origin())


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert (current_branch(repository), origin_of(repository)) == (None, Origin())


def test_a_folder_that_git_does_not_trust(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a CI job's container, where another user has checked it out: git tells nothing of it."""
    git(repository, "remote", "add", "origin", "git@git.example:acme/shop.git")
    assert origin_of(repository) == SHOP
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    for ask in (origin_of, current_branch):
        with pytest.raises(UsageError, match=r"belongs to another user\n.*safe\.directory"):
            ask(repository)
