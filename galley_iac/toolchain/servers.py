"""Servers that only the tests run, each the real one: a forge, a store that speaks S3's protocol, and an
authority that speaks ACME.

They are built from the Go module proxy, without cgo, so that no C compiler is needed. Each has a folder of
its own that holds the program and what it reads.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import artifact, gobuild, paths, pins
from galley_iac.toolchain.pins import Server
from galley_iac.toolchain.pulumi import Means
from galley_iac.toolchain.runner import ToolError

ALL = (pins.GITEA, pins.VERSITYGW, pins.PEBBLE)


def folder(server: Server, layout: paths.Layout) -> Path:
    """Where the server is kept."""
    return layout.root / server.name


def program(server: Server, layout: paths.Layout) -> Path:
    """Its executable."""
    return folder(server, layout) / server.name


def ensure(server: Server, means: Means) -> artifact.Stamp:
    """Builds the server unless it is there. Raises MachineError."""
    key = f"{server.version}-{paths.recipe_hash(paths.GO_RECIPES / server.name)}"
    made = artifact.ensure(
        folder(server, means.layout), server.version, key, lambda draft: _make(draft, server, means)
    )
    means.console.note(f"{server.name} {made.version}: {made.source}")
    return made


def _make(draft: Path, server: Server, means: Means) -> str:
    go = gobuild.find(means.runner, means.console)
    variables = {server.variable: server.version} if server.variable else {}
    go.build(server.name, server.package, draft / server.name, variables)
    try:
        sources = go.module_folder(server.name, server.module)
        for part in server.carried:
            _copy(sources / part, draft / part)
    except (ToolError, OSError) as error:
        raise MachineError(str(error), "run `galley setup` again") from None
    return "built from source, from the Go module proxy"


def _copy(source: Path, target: Path) -> None:
    """The module cache is read-only, which a copy must not be: it could not be removed."""
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
