"""Git repositories that a test may change as it likes."""

from __future__ import annotations

import shutil
import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path

APPS = Path(__file__).parent.parent / "apps"
CHECKOUT = Path(__file__).parents[3]
EXAMPLES = CHECKOUT / "examples"

_AUTHOR = ["-c", "user.name=Test", "-c", "user.email=test@example.test"]


@dataclass(frozen=True)
class Repository:
    """A checkout of the branch ``main`` with one commit. Its folder's name is the project's."""

    path: Path

    @property
    def project(self) -> str:
        """What the command takes for the project where there is no remote."""
        return self.path.name

    @property
    def manifest_path(self) -> Path:
        """Where :meth:`manifest` writes."""
        return self.path / "galley.yaml"

    def manifest(self, text: str) -> Repository:
        """Writes galley.yaml."""
        return self.write("galley.yaml", textwrap.dedent(text))

    def write(self, name: str, text: str) -> Repository:
        """Writes a file."""
        (self.path / name).write_text(text, encoding="utf-8")
        return self

    def replace(self, name: str, old: str, new: str) -> Repository:
        """Changes one place of a file, which has to be there."""
        text = (self.path / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
        return self.write(name, text.replace(old, new))

    def git(self, *words: str) -> None:
        """Runs git in it."""
        subprocess.run(["git", *_AUTHOR, *words], cwd=self.path, check=True, capture_output=True, timeout=60)


def create(path: Path, source: Path) -> Repository:
    """A repository at ``path`` that holds a copy of the folder ``source``."""
    shutil.copytree(source, path, ignore=shutil.ignore_patterns("__pycache__", "node_modules", ".venv"))
    made = Repository(path)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.git("add", "--all")
    made.git("commit", "--quiet", "--message", "Begin")
    return made
