"""Which file is the manifest, and its text as a Manifest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from galley_iac.errors import InputError, Problem, UsageError
from galley_iac.manifest import Parsed, parse, tree
from galley_iac.manifest.compose import parse_compose
from galley_iac.manifest.models import Manifest
from galley_iac.source.repository import root_of

GALLEY_NAMES = ("galley.yaml", "galley.yml")
_OWN_VERSION = re.compile(r"""^version:\s*(["']?)1\1\s*(#.*)?$""", re.MULTILINE)
COMPOSE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")


@dataclass(frozen=True)
class Source:
    """A manifest that was read. ``notices`` are its warnings; paths inside it are relative to ``folder``."""

    manifest: Manifest
    notices: tuple[Problem, ...]
    path: Path
    root: Path

    @property
    def folder(self) -> Path:
        """The manifest's own folder."""
        return self.path.parent


def read(where: Path, *, strict: bool = False, profiles: tuple[str, ...] = ()) -> Source:
    """Reads the manifest in the folder ``where``, or the file ``where``.

    ``strict`` makes warnings errors. Raises InputError with every problem, UsageError when there is no file.
    """
    path = locate(where)
    parsed = _parse(path, profiles)
    if strict and parsed.notices:
        raise InputError(parsed.notices)
    return Source(parsed.manifest, tuple(parsed.notices), path, root_of(path.parent))


def locate(where: Path) -> Path:
    """The manifest's path, absolute."""
    if where.is_dir():
        return _in_folder(where).resolve()
    if not where.is_file():
        raise UsageError(f"{where}: there is no such file", "name the manifest with -f, or run in its folder")
    return where.resolve()


def _in_folder(folder: Path) -> Path:
    both = [folder / name for name in GALLEY_NAMES if (folder / name).is_file()]
    if len(both) > 1:
        raise UsageError(f"{folder}: galley.yaml and galley.yml are both there", "keep one of the two")
    compose_files = [folder / name for name in COMPOSE_NAMES if (folder / name).is_file()]
    found = both or compose_files
    if not found:
        names = ", ".join((*GALLEY_NAMES, *COMPOSE_NAMES))
        raise UsageError(
            f"{folder}: no manifest (looked for {names})", "write a galley.yaml: docs/manifest.md"
        )
    return found[0]


def _looks_like_compose(path: Path, text: str) -> bool:
    """A file named by -f may have any name: galley's own format says ``version: 1``."""
    if path.name in COMPOSE_NAMES or path.name.startswith(("compose.", "docker-compose.")):
        return True
    return _OWN_VERSION.search(text) is None


def _parse(path: Path, profiles: tuple[str, ...]) -> Parsed:
    shown = _shown(path)
    text = tree.decode(_content(path), shown)
    if path.name in GALLEY_NAMES or not _looks_like_compose(path, text):
        return parse(text, shown)
    return parse_compose(text, shown, lambda name: _neighbour(path, name), profiles)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", "make the file readable") from None


def _neighbour(manifest: Path, name: str) -> str | None:
    """A file that a compose file names (env_file); None when it is missing or outside the repository."""
    path = (manifest.parent / name).resolve()
    if not path.is_relative_to(root_of(manifest.parent)) or not path.is_file():
        return None
    return tree.decode(_content(path), _shown(path))


def _shown(path: Path) -> str:
    """The path as a person would write it: relative to the current folder where it lies below."""
    current = Path.cwd()
    return str(path.relative_to(current)) if path.is_relative_to(current) else str(path)
