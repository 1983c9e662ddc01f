"""What of a build context goes to the engine: .dockerignore as Docker's builder reads it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from galley_iac.buildpack import DEFAULTS
from galley_iac.buildpack.files import is_plain
from galley_iac.source.patterns import Effort, Pattern, PatternError

IGNORE_FILE = ".dockerignore"
_ENVIRONMENT = "pyvenv.cfg"
"""The file that makes a folder a Python virtual environment, whatever it is called."""

_MOST_BYTES = 256 << 10
_MOST_PATTERNS = 5_000


def patterns(folder: Path, dockerfile: str | None) -> tuple[str, ...]:
    """The patterns of a build; ``dockerfile`` is None where one is generated. Raises PatternError.

    The builder prefers ``<dockerfile>.dockerignore``. Only for a generated Dockerfile is something added
    that the repository did not ask for: another one may well copy .git into its image.
    """
    if dockerfile is None:
        return (*DEFAULTS, *_environments(folder), *_own(folder, IGNORE_FILE))
    special = f"{dockerfile}{IGNORE_FILE}"
    return tuple(_own(folder, special if (folder / special).is_file() else IGNORE_FILE))


def included(folder: Path, patterns: Iterable[str], dockerfile: str | None) -> frozenset[str]:
    """Relative paths of what the patterns leave, the repository's own Dockerfile always among them.

    Raises PatternError.
    """
    made = [pattern for line in patterns if (pattern := Pattern.of(line))]
    always = [Pattern.keeping(dockerfile)] if dockerfile else []
    return frozenset(_walk(folder, (*made, *always)))


def _walk(folder: Path, patterns: Sequence[Pattern]) -> Iterator[str]:
    """What is left. A pattern that matches a folder matches all that is in it."""
    effort = Effort()
    waiting: list[tuple[str, frozenset[int]]] = [("", frozenset())]
    while waiting:
        inside, above = waiting.pop()
        for path, is_folder in _entries(folder, inside):
            effort.begin_entry()
            new = (n for n, one in enumerate(patterns) if n not in above and one.matches(path, effort))
            matched = above.union(new)
            left_out = _is_left_out(patterns, matched)
            if not left_out:
                yield path
            if is_folder and (not left_out or _may_come_back(patterns, path)):
                waiting.append((path, matched))


def _entries(folder: Path, inside: str) -> list[tuple[str, bool]]:
    """Every entry of a folder of the context, and whether it is a folder: a link is none."""
    with os.scandir(folder / inside) as found:
        names = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in found]
    return [(f"{inside}/{name}" if inside else name, is_folder) for name, is_folder in names]


def _may_come_back(patterns: Sequence[Pattern], path: str) -> bool:
    return any(one.keeps and one.may_match_below(path) for one in patterns)


def _is_left_out(patterns: Sequence[Pattern], matched: frozenset[int]) -> bool:
    """The last pattern that matches decides."""
    return bool(matched) and not patterns[max(matched)].keeps


def _own(folder: Path, name: str) -> Iterator[str]:
    """The lines of a file of the context; one that a link leads out of it is none of the context's."""
    path = folder / name
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        return
    if path.stat().st_size > _MOST_BYTES:
        raise PatternError(f"{name} is larger than {_MOST_BYTES >> 10} KiB")
    lines = path.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if len(found) > _MOST_PATTERNS:
        raise PatternError(f"{name} has more than {_MOST_PATTERNS} patterns")
    yield from found


def _environments(folder: Path) -> Iterator[str]:
    """Virtual environments with a name of their own, at the context's top."""
    for entry in sorted(folder.iterdir()):
        if is_plain(entry.name) and (entry / _ENVIRONMENT).is_file():
            yield entry.name
