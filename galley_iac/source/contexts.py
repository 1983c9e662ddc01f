"""Build contexts: what of a folder goes to the engine, and one digest over it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from docker.utils.build import exclude_paths

from galley_iac.errors import InputError, Problem
from galley_iac.manifest.models import Build, Service
from galley_iac.plan.images import DEFAULT_DOCKERFILE, Context
from galley_iac.source.find import Source

IGNORE_FILE = ".dockerignore"
_BLOCK = 1 << 20


def contexts_of(source: Source) -> dict[str, Context]:
    """The context of every service with a build. Raises InputError with all that is missing or outside."""
    problems: list[Problem] = []
    digests: dict[tuple[Path, str], str] = {}
    found: dict[str, Context] = {}
    for service in source.manifest.services.values():
        if service.build is None:
            continue
        problem = _problem(source, service, service.build)
        if problem:
            problems.append(problem)
            continue
        folder = folder_of(source, service.build)
        dockerfile = service.build.dockerfile or DEFAULT_DOCKERFILE
        key = (folder, dockerfile)
        if key not in digests:
            digests[key] = digest(folder, dockerfile)
        found[service.name] = Context(os.path.relpath(folder, source.root), digests[key])
    if problems:
        raise InputError(problems)
    return found


def folder_of(source: Source, build: Build) -> Path:
    """The context's folder, links followed."""
    return (source.folder / build.path).resolve()


def digest(folder: Path, dockerfile: str) -> str:
    """SHA-256 over names, kinds, execute bits and content of the context; times and owners do not count."""
    whole = hashlib.sha256()
    for name in sorted(included(folder, dockerfile)):
        for part in _entry(folder, name):
            whole.update(part)
    return whole.hexdigest()


def included(folder: Path, dockerfile: str) -> Iterable[str]:
    """Relative paths of what .dockerignore leaves, the Dockerfile always among them."""
    ignore = folder / IGNORE_FILE
    lines = ignore.read_text(encoding="utf-8", errors="replace").splitlines() if ignore.is_file() else []
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    names: set[str] = exclude_paths(str(folder), patterns, dockerfile=dockerfile)
    return names


def _entry(folder: Path, name: str) -> Iterator[bytes]:
    path = folder / name
    info = path.lstat()
    yield name.encode("utf-8", "surrogateescape") + b"\0"
    if stat.S_ISLNK(info.st_mode):
        yield b"link\0" + os.fsencode(path.readlink()) + b"\0"
    elif stat.S_ISREG(info.st_mode):
        yield b"program\0" if info.st_mode & stat.S_IXUSR else b"file\0"
        yield _content(path)
    elif stat.S_ISDIR(info.st_mode):
        yield b"folder\0"


def _content(path: Path) -> bytes:
    content = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            content.update(block)
    return content.digest()


def _problem(source: Source, service: Service, build: Build) -> Problem | None:
    folder = folder_of(source, build)
    base = f"services.{service.name}.build"
    if not folder.is_relative_to(source.root):
        rule = f"`{build.path}` leads outside the repository"
        return source.manifest.problem(f"{base}.path", rule, "name a folder inside the repository")
    if not folder.is_dir():
        rule = f"the build context `{build.path}` is not a folder"
        return source.manifest.problem(
            f"{base}.path", rule, "name an existing folder, relative to the manifest"
        )
    dockerfile = (folder / (build.dockerfile or DEFAULT_DOCKERFILE)).resolve()
    if not dockerfile.is_relative_to(source.root):
        rule = f"the Dockerfile `{build.dockerfile}` leads outside the repository"
        return source.manifest.problem(
            f"{base}.dockerfile", rule, "name a Dockerfile inside the build context"
        )
    if not dockerfile.is_file():
        rule = f"there is no {build.dockerfile or DEFAULT_DOCKERFILE} in `{build.path}`"
        return source.manifest.problem(
            f"{base}.path", rule, "write one, or name another with build.dockerfile"
        )
    return None
