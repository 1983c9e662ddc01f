"""The words for states, how they add up, and the tone in which each is shown. Pure."""

from __future__ import annotations

from enum import StrEnum

from galley_iac.dashboard.model import Activity
from galley_iac.engine.status import PreviewStatus

PREVIEW_STATES = ("pending", "building", "running", "degraded", "failed", "asleep", "ending", "absent")
"""A preview's states, in the order in which a filter offers them. ``absent``: known, but nothing of it
lives.
"""

ACTION_NEEDED = frozenset({"degraded", "failed"})


class Tone(StrEnum):
    """How a state is shown; never by colour alone, the word is always there too."""

    GOOD = "good"
    BUSY = "busy"
    BAD = "bad"
    IDLE = "idle"


_TONES = {
    **dict.fromkeys(("running", "ready", "done", "kept", "succeeded"), Tone.GOOD),
    **dict.fromkeys(("pending", "building", "ending", "waiting", "in-progress"), Tone.BUSY),
    **dict.fromkeys(("degraded", "failed", "crashed", "restarting", "missing"), Tone.BAD),
}


def tone(state: str) -> Tone:
    """Of a preview, a service or an update; what is not known is shown without one."""
    return _TONES.get(state, Tone.IDLE)


def overall(status: PreviewStatus, activity: Activity | None, last_update_failed: bool) -> str:
    """A preview's state: what is being done to it counts first, then what lives. A comparison does nothing.

    ``failed``: the last update failed and no service is as it should be; with one that still is, it is
    ``degraded`` at most, and a note says that the update failed.
    """
    if activity is not None and activity.verb == "down":
        return "ending"
    if activity is not None and activity.verb == "up":
        return "building" if status.services else "pending"
    if last_update_failed and not any(service.healthy for service in status.services):
        return "failed"
    return status.state
