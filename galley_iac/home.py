"""Where things of ours are kept: ``GALLEY_HOME``, ``~/.galley`` unless set."""

from __future__ import annotations

import os
from pathlib import Path

from galley_iac.errors import MachineError


def home() -> Path:
    """The folder, made if need be; only its owner may look in."""
    return _folder(Path(os.environ.get("GALLEY_HOME") or Path.home() / ".galley").absolute())


def state() -> Path:
    """The local backend: every stack's state."""
    return _folder(home() / "state")


def workspace() -> Path:
    """The Pulumi project whose stacks the command drives; ``pulumi`` can be run in it by hand."""
    return _folder(home() / "workspace")


def edge() -> Path:
    """The Pulumi project of the edges, and what each hands out: its authority's certificate."""
    return _folder(home() / "edge")


def build_log(tag: str) -> Path:
    """The file that grows while an image is built; its name follows from the tag, so it never changes."""
    return _folder(home() / "builds") / f"{tag.replace(':', '-')}.log"


def generated_build(tag: str) -> Path:
    """The folder that a generated Dockerfile is built from: never the user's checkout."""
    return _folder(home() / "builds" / tag.replace(":", "-"))


def locks() -> Path:
    """The folder of the files that commands hold locked."""
    return _folder(home() / "locks")


def no_logins() -> Path:
    """A folder for Docker's client to take for its own where it is to know nothing of the user's."""
    return _folder(home() / "docker")


def lock(preview: str) -> Path:
    """The file that an update of a preview holds locked."""
    return locks() / preview


def _folder(path: Path) -> Path:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise MachineError(
            f"{path} cannot be made: {error.strerror}", "set GALLEY_HOME to a folder that can be written"
        ) from None
    return path
