"""What is known of a preview beside its resources: Pulumi's own stack tags.

They live in the backend beside the stack, where every CI runner sees them, and go with it; there is no state
of ours. Of a local backend they are read and written as the file that Pulumi keeps them in: in one step,
where Pulumi takes a process for each tag, and can be met with half of the file written.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from galley_iac import home
from galley_iac.automation import backend
from galley_iac.engine.live import Live

if TYPE_CHECKING:
    from galley_iac.automation.workspace import Workspace

PINNED = "galley:pinned"
TTL = "galley:ttl"
"""A duration; only where it is not the default. What this home has set for the project wins over it."""

TTL_SETTING = "ttl"
UNTIL = "galley:until"
ACTIVITY = "galley:activity"
"""When it was last active, where that was no update: Pulumi itself knows the time of the last update."""

ASLEEP = "galley:asleep"
"""Since when, and why: ``2026-01-31T12:00:00Z room for main-shop``."""

IDENTITY = "galley:identity"
"""Whose it is, as a JSON object of :class:`Identity`'s fields; on every stack that the command has made."""

COMMIT = "galley:commit"
AUTHOR = "galley:author"

PROOF = "galley:proof"
"""What the last update depended on and what it made, as digests (:mod:`galley_iac.automation.proof`)."""

_VERSION = 1

Changes = Mapping[str, str | None]
"""Tag → new value; None takes it away."""


def read(stack: str) -> dict[str, str]:
    """A stack's tags; none where there is no such stack."""
    local = backend.local_state()
    if local is not None:
        return from_file(backend.tags_file(local, stack))
    from galley_iac.automation.workspace import Workspace

    workspace = Workspace()
    return workspace.tags(stack) if workspace.exists(stack) else {}


def is_asleep(preview: str, live: Live) -> bool:
    """Whether it was put to sleep and nothing of it runs. The tags are asked for only if nothing does."""
    return bool(live.lasting) and not live.awake and ASLEEP in read(preview)


def from_file(path: Path) -> dict[str, str]:
    """The tags in a local backend's file; a form that this Pulumi does not write counts for nothing."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return dict(document.get("tags") or {}) if document.get("version") == _VERSION else {}


def write(stack: str, changes: Changes, workspace: Workspace | None = None) -> None:
    """Changes tags of a stack that exists; in a shared backend by one process of Pulumi's for each that is
    other than it was.

    All tags are read and all of them written back, so writers of this host wait for each other here.
    """
    local = backend.local_state()
    with _alone(stack):
        now = read(stack)
        wanted = {name: value for name, value in changes.items() if now.get(name) != value}
        if not wanted:
            return
        if local is not None and _is_known(backend.tags_file(local, stack)):
            _replace(backend.tags_file(local, stack), {**now, **wanted})
            return
        workspace = workspace or _workspace()
        for name, value in wanted.items():
            workspace.tag(stack, name, value)


def _is_known(path: Path) -> bool:
    """Whether the file is of the form that is written here, or not there; any other is left to Pulumi."""
    try:
        return bool(json.loads(path.read_text(encoding="utf-8")).get("version") == _VERSION)
    except FileNotFoundError:
        return True
    except (ValueError, AttributeError):
        return False


def _replace(path: Path, values: Changes) -> None:
    """As Pulumi does, a stack without tags has no file."""
    kept = {name: value for name, value in sorted(values.items()) if value is not None}
    if not kept:
        path.unlink(missing_ok=True)
        return
    draft = path.with_name(path.name + ".tmp")
    draft.write_text(json.dumps({"version": _VERSION, "tags": kept}), encoding="utf-8")
    draft.replace(path)


def _workspace() -> Workspace:
    from galley_iac.automation.workspace import Workspace  # the SDK costs what a reader of tags need not pay

    return Workspace()


@contextmanager
def _alone(stack: str) -> Iterator[None]:
    with home.lock(f"{stack}.tags").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
