"""Pulumi itself, from a checkout, as a Pulumi user runs it."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.integration.harness.command import BOUND, Completed, Galley
from tests.integration.harness.repository import CHECKOUT

PARTS = ("Pulumi.yaml", "__main__.py", "galley_iac", "stacks")


def checkout(folder: Path) -> Path:
    """What of a checkout the program consists of, beside the environment that it runs in."""
    made = folder / "checkout"
    for part in PARTS:
        source, target = CHECKOUT / part, made / part
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "Pulumi.*.yaml"))
        else:
            shutil.copy(source, target)
    (made / ".venv").symlink_to(sys.prefix)
    return made


class Plain:
    """One stack by hand: runs pulumi with ``eval "$(galley env)"``."""

    def __init__(self, galley: Galley, at: Path, stack: str) -> None:
        self.galley, self.at, self.stack = galley, at, stack

    def __call__(self, *words: str, fails: bool = False, timeout: float = BOUND) -> Completed:
        """Runs one command, which has to end well, or not, as ``fails`` says."""
        line = 'eval "$("$0" env)" && exec pulumi "$@"'
        command = ["sh", "-c", line, str(self.galley.program), *words, "--non-interactive"]
        done = self.galley.run(command, at=self.at, timeout=timeout)
        assert (done.code != 0) == fails, done.text
        return done

    @property
    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        found: dict[str, Any] = json.loads(self("stack", "output", "--json").out)
        return found


@contextlib.contextmanager
def stack(galley: Galley, folder: Path, name: str) -> Iterator[Plain]:
    """A stack of that name, if the test makes one; it is removed at the end with all it has."""
    plain = Plain(galley, checkout(folder), name)
    yield plain
    if name in plain("stack", "ls").out:
        plain("destroy", "--yes", "--stack", name)
        plain("stack", "rm", "--yes", "--stack", name)
