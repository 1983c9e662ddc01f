"""The one way from what a forge sent to an event."""

from __future__ import annotations

from typing import Any

from galley_iac.forge import github, gitlab
from galley_iac.forge.model import Event, ForgeKind


def read(kind: ForgeKind, name: str, payload: dict[str, Any]) -> Event:
    """The event of a payload; ``name`` is the forge's own, and GitLab's payloads name themselves.

    UsageError when the payload is not of the event that was named. What no preview depends on is an event
    with the subject NONE.
    """
    return gitlab.event(payload) if kind is ForgeKind.GITLAB else github.event(name, payload)
