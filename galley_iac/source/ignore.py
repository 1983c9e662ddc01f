"""What of a build context goes to the engine: .dockerignore as Docker's builder reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from docker.utils.build import PatternMatcher

from galley_iac.buildpack import DEFAULTS
from galley_iac.buildpack.files import is_plain

IGNORE_FILE = ".dockerignore"
_ENVIRONMENT = "pyvenv.cfg"
"""The file that makes a folder a Python virtual environment, whatever it is called."""


def patterns(folder: Path, dockerfile: str | None) -> tuple[str, ...]:
    """The patterns of a build; ``dockerfile`` is None where one is generated.

    The builder prefers ``<dockerfile>.dockerignore``. Only for a generated Dockerfile is something added
    that the repository did not ask for: another one may well copy .git into its image.
    """
    if dockerfile is None:
        return (*DEFAULTS, *_environments(folder), *_own(folder / IGNORE_FILE))
    special = folder / f"{dockerfile}{IGNORE_FILE}"
    return tuple(_own(special if special.is_file() else folder / IGNORE_FILE))


def included(folder: Path, patterns: Iterable[str], dockerfile: str | None) -> frozenset[str]:
    """Relative paths of what the patterns leave, the repository's own Dockerfile always among them."""
    always = [f"!{dockerfile}"] if dockerfile else []
    matcher = PatternMatcher([*patterns, *always])
    matcher.patterns.pop()  # docker-py's own last pattern keeps .dockerignore; the builder keeps nothing
    return frozenset(matcher.walk(str(folder)))


def _own(path: Path) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    yield from (line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _environments(folder: Path) -> Iterator[str]:
    """Virtual environments with a name of their own, at the context's top."""
    for entry in sorted(folder.iterdir()):
        if is_plain(entry.name) and (entry / _ENVIRONMENT).is_file():
            yield entry.name
