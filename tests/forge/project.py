"""A repository on the forge, with the checkout from which real git pushes."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.forge.api import Api
from tests.forge.gitea import password
from tests.forge.listener import Listener

_OPTIONS = [*("-c", "user.name=Mia", "-c", "user.email=mia@example.test"), *("-c", "http.proxy=")]


@dataclass(frozen=True)
class Project:
    """``api`` is its owner's; ``path`` a checkout whose ``origin`` is the forge, with the owner's login."""

    api: Api
    name: str
    path: Path

    @property
    def at(self) -> str:
        """Its place in the API."""
        return f"/repos/{self.api.name}/{self.name}"

    def git(self, *words: str) -> str:
        """Runs git in the checkout."""
        command = ["git", *_OPTIONS, *words]
        done = subprocess.run(
            command, cwd=self.path, check=False, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def push(self, branch: str, files: dict[str, str], message: str = "Change") -> str:
        """Writes files on a branch, made where there is none, commits and pushes them; returns the commit."""
        known = self.git("branch", "--list", branch)
        self.git("switch", "--quiet", *([] if known else ["--create"]), branch)
        for name, text in files.items():
            (self.path / name).write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.git("push", "--quiet", "origin", branch)
        return self.git("rev-parse", "HEAD")

    def admit(self, other: Api) -> None:
        """Makes somebody an administrator of the repository: who may write is told to nobody else."""
        self.api.put(f"{self.at}/collaborators/{other.name}", {"permission": "admin"})

    def hook(self, listener: Listener) -> None:
        """Has everything delivered."""
        config = {"url": listener.url, "content_type": "json"}
        self.api.post(
            f"{self.at}/hooks", {"type": "gitea", "active": True, "config": config, "events": EVENTS}
        )

    def open(self, branch: str, title: str, *, head: str = "", body: str = "") -> int:
        """Opens a pull request to ``main``; returns its number."""
        asked = {"base": "main", "head": head or branch, "title": title, "body": body}
        return int(self.api.post(f"{self.at}/pulls", asked)["number"])

    def pull(self, number: int) -> Any:
        """A pull request."""
        return self.api.get(f"{self.at}/pulls/{number}")

    def state(self, number: int, state: str) -> None:
        """Closes or reopens a pull request."""
        self.api.patch(f"{self.at}/pulls/{number}", {"state": state})

    def comments(self, number: int) -> Any:
        """All comments of a pull request."""
        return self.api.get(f"{self.at}/issues/{number}/comments")

    def comment(self, number: int, text: str) -> None:
        """Writes a comment as the owner."""
        self.api.post(f"{self.at}/issues/{number}/comments", {"body": text})


EVENTS = [
    *("push", "create", "delete", "fork", "issue_comment", "status"),
    *("pull_request", "pull_request_label", "pull_request_sync", "pull_request_comment"),
]


def create(api: Api, name: str, path: Path, source: Path) -> Project:
    """A repository with the content of a folder as the first commit of ``main``."""
    api.post("/user/repos", {"name": name, "default_branch": "main", "private": False})
    shutil.copytree(source, path, ignore=shutil.ignore_patterns("__pycache__"))
    made = Project(api, name, path)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.git("remote", "add", "origin", remote(api, f"{api.name}/{name}"))
    made.git("add", "--all")
    made.git("commit", "--quiet", "--message", "Begin")
    made.git("push", "--quiet", "--set-upstream", "origin", "main")
    return made


def clone(api: Api, full_name: str, path: Path) -> Project:
    """A checkout of a repository that is there, as another user has it."""
    url = remote(api, full_name)
    subprocess.run(
        ["git", *_OPTIONS, "clone", "--quiet", url, str(path)], check=True, capture_output=True, timeout=120
    )
    return Project(api, full_name.partition("/")[2], path)


def remote(api: Api, full_name: str) -> str:
    """The URL of a repository with a user's login in it."""
    at = urlsplit(api.url)
    return f"{at.scheme}://{api.name}:{password(api.name)}@{at.netloc}/{full_name}.git"
