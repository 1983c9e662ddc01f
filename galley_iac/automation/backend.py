"""Where Pulumi keeps its state, without Pulumi: a local backend is read as files, in milliseconds."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from galley_iac import home
from galley_iac.errors import PreviewError

PROJECT = "galley"
"""The Pulumi project that every preview's stack is in."""

_URL_PREFIX = "file://"
_STATE, _TAGS = ".json", ".pulumi-tags"
_ATTRIBUTES, _DRAFT, _BEFORE = ".attrs", ".tmp", ".bak"
"""What Pulumi's storage writes beside a file: its attributes, the next file until whole, the one before."""


def is_local(url: str) -> bool:
    """Whether a backend's URL names a folder."""
    return url.startswith(_URL_PREFIX)


def local_state() -> Path | None:
    """The folder of a local backend; None when the state is elsewhere."""
    url = os.environ.get("PULUMI_BACKEND_URL") or f"{_URL_PREFIX}{home.state()}"
    return Path(url.removeprefix(_URL_PREFIX)).expanduser() if is_local(url) else None


def state_file(local: Path, stack: str) -> Path:
    """The file with a stack's state."""
    return _stacks(local) / f"{stack}{_STATE}"


def tags_file(local: Path, stack: str) -> Path:
    """The file with a stack's tags; it is there only where there is a tag."""
    return _stacks(local) / f"{stack}{_TAGS}"


def stacks(local: Path) -> list[str]:
    """The names of all stacks, sorted."""
    return sorted(path.name.removesuffix(_STATE) for path in _stacks(local).glob(f"*{_STATE}"))


def mend(local: Path, stack: str) -> None:
    """Removes what a process leaves that was killed while it wrote the stack's state.

    The state itself is replaced in one step. Its attributes are not: Pulumi refuses the state as long as half
    of them are there ("failed to load checkpoint: EOF"), and does without when they are missing.
    """
    for path in _stacks(local).glob(f"{stack}{_STATE}*"):
        if path.suffix == _DRAFT or (path.suffix == _ATTRIBUTES and not _is_whole(path)):
            path.unlink(missing_ok=True)


def whole_state(local: Path, stack: str) -> Path:
    """The file with a stack's state, once it is sure to be whole; it need not be there.

    A power loss can leave the last state cut short or empty. Pulumi keeps the one before beside it: that one
    comes back, and the next update compares it with the engine. Raises PreviewError where both are damaged.
    """
    path = state_file(local, stack)
    if not path.exists() or _is_whole(path):
        return path
    before = path.with_name(path.name + _BEFORE)
    if not _is_whole(before):
        raise PreviewError(
            f"the state of {stack} is damaged, and so is the one before it: {path}",
            f"remove that file; `galley down --name {stack}` then removes what is on the engine",
        )
    print(f"warning: the state of {stack} is cut short; going on from the one before it", file=sys.stderr)
    draft = path.with_name(path.name + _DRAFT)
    shutil.copyfile(before, draft)
    draft.replace(path)
    mend(local, stack)
    return path


def _is_whole(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True


def _stacks(local: Path) -> Path:
    return local / ".pulumi" / "stacks" / PROJECT
