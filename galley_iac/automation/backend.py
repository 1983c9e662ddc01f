"""Where Pulumi keeps its state, without Pulumi: a local backend is read as files, in milliseconds."""

from __future__ import annotations

import os
from pathlib import Path

from galley_iac import home

PROJECT = "galley"
"""The Pulumi project that every preview's stack is in."""

_URL_PREFIX = "file://"
_STATE, _TAGS = ".json", ".pulumi-tags"


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


def _stacks(local: Path) -> Path:
    return local / ".pulumi" / "stacks" / PROJECT
