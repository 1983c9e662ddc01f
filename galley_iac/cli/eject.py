"""``galley eject``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from galley_iac.buildpack import dockerfile
from galley_iac.cli import output
from galley_iac.cli.dockerfile import Found, find
from galley_iac.errors import UsageError
from galley_iac.manifest.command import join
from galley_iac.manifest.models import Service
from galley_iac.source.ignore import IGNORE_FILE

_NAME = "Dockerfile"
_PORT = "PORT"


def add_parser(verbs: Any) -> None:
    """Adds the verb."""
    summary = "write the generated Dockerfile of a service into the repository"
    parser: argparse.ArgumentParser = verbs.add_parser("eject", help=summary, description=summary)
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument("-f", "--file", type=Path, default=Path(), help="the manifest, or its folder")
    parser.add_argument("--profile", action="append", default=[], help="a compose profile to include")
    parser.set_defaults(run=run, strict=False)


def run(args: argparse.Namespace) -> int:
    """Writes Dockerfile and .dockerignore into the build context, and says what else has to change."""
    found = find(args, args.service)
    ignore = IGNORE_FILE if not (found.folder / IGNORE_FILE).exists() else f"{_NAME}{IGNORE_FILE}"
    files = {_NAME: text(found), ignore: found.generated.dockerignore}
    _write(found.folder, files)
    output.say(f"wrote {' and '.join(files)} into {found.folder}; from now on they are yours")
    for line in changes(found):
        output.say(line)
    return 0


def text(found: Found) -> str:
    """The Dockerfile with the service's port: a plan gives one only to what it builds without one."""
    if not found.service.expose:
        return found.generated.dockerfile
    head, mark, command = found.generated.dockerfile.rpartition("\nCMD ")
    port = f"ENV {_PORT}={found.service.expose}\n"
    return f"{head}\n{port}{mark}{command}" if mark else f"{command}\n{port}"


def changes(found: Found) -> Iterator[str]:
    """What the manifest has to say from now on, for every service of the build."""
    for service in found.sharing:
        base = f"{found.source.manifest.file}: services.{service.name}"
        if service.build and service.build.command:
            yield f"{base}.build: remove `command`, which is a RUN line of the Dockerfile now"
        words = found.contexts[service.name].command
        if words and f"CMD {dockerfile.array(words)}" not in found.generated.dockerfile:
            yield f"{base}.build: write `start: {_line(words)}`"
        if _has_another_port(service, found.service):
            yield f"{base}.env: write `{_PORT}: {service.expose}`"


def _has_another_port(service: Service, ejected: Service) -> bool:
    return bool(service.expose) and service.expose != ejected.expose and _PORT not in service.env


def _line(words: tuple[str, ...]) -> str:
    return words[-1] if words[:-1] == dockerfile.SHELL else join(words)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """All of them or, where one is there already, none."""
    taken = [name for name in files if os.path.lexists(folder / name)]
    if taken:
        raise UsageError(
            f"{folder / taken[0]} is there already", "remove it, or use `galley plan --dockerfile`"
        )
    try:
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}", "make the folder writable") from None
