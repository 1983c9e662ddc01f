"""Builds without a Dockerfile: the context as detection sees it, and one Dockerfile for all services of a
build.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from galley_iac.buildpack import MARKERS, Application, Ask, UnbuildableError, detect
from galley_iac.errors import Problem
from galley_iac.manifest.models import ROUTED, Build, Kind, Manifest, Service
from galley_iac.plan.model import Generated
from galley_iac.source import ignore

_MOST_BYTES = 4 << 20
"""Of one file; a lock file of a large project has about one."""

_SERVES = {**dict.fromkeys(ROUTED, True), Kind.WORKER: False}


class ContextFiles:
    """:class:`galley_iac.buildpack.Files` over a folder; ``names`` are the paths that are part of the build.

    Links are not followed: what they lead to may lie outside, and is not copied into the image either.
    """

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self._folder = folder
        self._names = frozenset(names)
        self._listing: dict[str, set[str]] = {}
        for name in self._names:
            parent, _, last = name.rpartition("/")
            is_folder = stat.S_ISDIR((folder / name).lstat().st_mode)
            self._listing.setdefault(parent or ".", set()).add(f"{last}/" if is_folder else last)

    def exists(self, path: str) -> bool:
        """Whether it is a regular file of the build."""
        return path in self._names and stat.S_ISREG((self._folder / path).lstat().st_mode)

    def read(self, path: str) -> str:
        """Its beginning, as far as detection needs; empty where it is no file of the build."""
        if not self.exists(path):
            return ""
        with (self._folder / path).open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", errors="replace")

    def list(self, folder: str) -> Sequence[str]:
        """Names in a folder."""
        return sorted(self._listing.get(folder, ()))


@dataclass(frozen=True)
class Made:
    """A build that was made up for a service: its Dockerfile and the command that starts the service."""

    generated: Generated
    command: tuple[str, ...] | None


class Generator:
    """Makes each build of a manifest once; services that say the same of it share the result."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._started = {_key(s.build) for s in manifest.services.values() if s.build and s.start}
        self._applications: dict[object, Application | UnbuildableError] = {}

    def make(self, service: Service, build: Build, folder: Path) -> Made:
        """The build of one service in ``folder``. Raises UnbuildableError."""
        patterns = ignore.patterns(folder, None)
        application = self._application(build, folder, patterns)
        if isinstance(application, UnbuildableError):
            raise application
        start = None if service.start else application.start(serves=_SERVES.get(service.kind)).words
        return Made(Generated(application.dockerfile, "".join(f"{line}\n" for line in patterns)), start)

    def problems(self, service: Service, error: UnbuildableError) -> list[Problem]:
        """The refusals with their places in the manifest."""
        base = f"services.{service.name}.build"
        return [
            self._manifest.problem(f"{base}.{refusal.key}", refusal.rule, refusal.remedy)
            for refusal in error.refusals
        ]

    def _application(
        self, build: Build, folder: Path, patterns: tuple[str, ...]
    ) -> Application | UnbuildableError:
        key = _key(build)
        if key not in self._applications:
            ask = Ask(_shown(build.path), build.command, tuple(sorted(build.args)), key in self._started)
            names = ignore.included(folder, patterns, None)
            self._applications[key] = _detected(folder, names, ask)
        return self._applications[key]


def _detected(folder: Path, names: frozenset[str], ask: Ask) -> Application | UnbuildableError:
    try:
        return detect(ContextFiles(folder, names), ask)
    except UnbuildableError as error:
        hidden = [name for name in MARKERS if name not in names and (folder / name).is_file()]
        return _with_hidden(error, hidden) if hidden else error


def _with_hidden(error: UnbuildableError, hidden: list[str]) -> UnbuildableError:
    """The same with what is there but not part of the build, which nobody would think of."""
    note = f"; {ignore.IGNORE_FILE} leaves out {', '.join(hidden)}"
    return UnbuildableError(type(one)(one.key, one.rule + note, one.remedy) for one in error.refusals)


def _key(build: Build) -> tuple[object, ...]:
    return (build.path, build.command, tuple(sorted(build.args)))


def _shown(path: str) -> str:
    return "./" if path == "." else path
