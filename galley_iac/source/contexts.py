"""Build contexts: what of a folder goes to the engine, and one digest over it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from galley_iac.buildpack import UnbuildableError
from galley_iac.errors import InputError, Problem
from galley_iac.manifest.models import Build, Service
from galley_iac.plan.images import DEFAULT_DOCKERFILE, Context
from galley_iac.source import ignore
from galley_iac.source.find import Source
from galley_iac.source.generated import Generator
from galley_iac.source.patterns import PatternError

_BLOCK = 1 << 20


def contexts_of(source: Source) -> dict[str, Context]:
    """The context of every service with a build. Raises InputError with all that is missing or outside."""
    problems: list[Problem] = []
    digests: dict[tuple[Path, str | None], str] = {}
    generator = Generator(source.manifest)
    found: dict[str, Context] = {}
    for service in source.manifest.services.values():
        if service.build is None:
            continue
        problem = _problem(source, service, service.build)
        if problem:
            problems.append(problem)
            continue
        try:
            found[service.name] = _context(source, service, service.build, generator, digests)
        except UnbuildableError as error:
            problems.extend(generator.problems(service, error))
        except OSError as error:
            problems.append(_unreadable(source, service, error))
        except PatternError as error:
            problems.append(_unmatched(source, service, error))
    if problems:
        raise InputError(problems)
    return found


def _context(
    source: Source,
    service: Service,
    build: Build,
    generator: Generator,
    digests: dict[tuple[Path, str | None], str],
) -> Context:
    folder = folder_of(source, build)
    dockerfile = dockerfile_of(folder, build)
    made = None if dockerfile else generator.make(service, build, folder)
    if (folder, dockerfile) not in digests:
        digests[folder, dockerfile] = digest(folder, dockerfile)
    path, content = os.path.relpath(folder, source.root), digests[folder, dockerfile]
    return Context(path, content, made.generated, made.command) if made else Context(path, content)


def dockerfile_of(folder: Path, build: Build) -> str | None:
    """The repository's own Dockerfile, relative to the context; None where one has to be generated."""
    name = build.dockerfile or DEFAULT_DOCKERFILE
    return name if build.dockerfile or (folder / name).is_file() else None


def folder_of(source: Source, build: Build) -> Path:
    """The context's folder, links followed."""
    return (source.folder / build.path).resolve()


def digest(folder: Path, dockerfile: str | None) -> str:
    """SHA-256 over names, kinds, execute bits and content of the context; times and owners do not count."""
    whole = hashlib.sha256()
    for name in sorted(ignore.included(folder, ignore.patterns(folder, dockerfile), dockerfile)):
        for part in _entry(folder, name):
            whole.update(part)
    return whole.hexdigest()


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


def _unreadable(source: Source, service: Service, error: OSError) -> Problem:
    rule = f"{error.filename} cannot be read: {error.strerror}"
    remedy = "make it readable, or leave it out with .dockerignore"
    return source.manifest.problem(f"services.{service.name}.build.path", rule, remedy)


def _unmatched(source: Source, service: Service, error: PatternError) -> Problem:
    rule = f"{ignore.IGNORE_FILE} of this build cannot be used: {error}"
    return source.manifest.problem(f"services.{service.name}.build.path", rule, "mend or remove the pattern")


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
    return _dockerfile_problem(source, service, build, folder)


def _dockerfile_problem(source: Source, service: Service, build: Build, folder: Path) -> Problem | None:
    base = f"services.{service.name}.build"
    dockerfile = dockerfile_of(folder, build)
    if dockerfile is None:
        if build.target is None:
            return _unmounted(source, build, base)
        rule = f"`target` names a stage of a Dockerfile, and there is none in `{build.path}`"
        return source.manifest.problem(f"{base}.target", rule, "remove it, or write the Dockerfile")
    path = (folder / dockerfile).resolve()
    if not path.is_relative_to(source.root):
        rule = f"the Dockerfile `{dockerfile}` leads outside the repository"
        return source.manifest.problem(
            f"{base}.dockerfile", rule, "name a Dockerfile inside the build context"
        )
    if not path.is_file():
        rule = f"there is no {dockerfile} in `{build.path}`"
        return source.manifest.problem(
            f"{base}.dockerfile", rule, "write one, or name another with build.dockerfile"
        )
    if build.command:
        rule = f"`command` is for builds without a Dockerfile, and `{build.path}` has one"
        return source.manifest.problem(f"{base}.command", rule, "write it as a `RUN` line of the Dockerfile")
    return None


def _unmounted(source: Source, build: Build, base: str) -> Problem | None:
    """A generated Dockerfile has no step that would mount a secret."""
    if not build.secrets:
        return None
    rule = f"`secrets` are mounted by steps of a Dockerfile, and there is none in `{build.path}`"
    return source.manifest.problem(f"{base}.secrets", rule, "`galley eject` or write one, or remove the key")
