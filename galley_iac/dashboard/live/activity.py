"""Who is updating a preview at this moment: whoever holds Pulumi's lock on its stack."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from galley_iac.automation import locks
from galley_iac.automation.backend import PROJECT
from galley_iac.dashboard.model import Activity

_VERBS = {"up": "up", "destroy": "down", "refresh": "refresh"}
"""Pulumi's word → what it means for the preview."""


def activities(local: Path | None) -> dict[str, Activity]:
    """Every preview that is being updated. A lock that a dead process of this host left does not count."""
    if local is None:
        return {}
    stacks = (local / ".pulumi" / "locks" / "organization" / PROJECT).glob("*/")
    found = {}
    for folder in stacks:
        for owner in locks.owners(local, PROJECT, folder.name):
            if not owner.is_here or owner.is_alive:
                found[folder.name] = Activity(_verb(owner), _moment(owner.since))
    return found


def _verb(owner: locks.Owner) -> str:
    """From the words that the process was started with; another host's are not known, and it is an update."""
    words = []
    if owner.is_here:
        try:
            words = Path(f"/proc/{owner.process}/cmdline").read_text(errors="replace").split("\0")
        except OSError:
            return "up"
    return next((_VERBS[word] for word in words if word in _VERBS), "up")


def _moment(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None
