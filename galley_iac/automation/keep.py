"""How long a preview stays, as a person says it: pinned, or extended. What it says is in the stack's tags."""

from __future__ import annotations

from galley_iac import timing
from galley_iac.automation import records, tags
from galley_iac.automation.records import Record
from galley_iac.errors import UsageError
from galley_iac.life.lease import extended


def pin(preview: str) -> None:
    """From now on nothing removes it, or puts it to sleep, by itself; ``down`` still does."""
    _existing(preview)
    tags.write(preview, {tags.PINNED: "true"})


def unpin(preview: str) -> None:
    """Its time counts again, from its last activity."""
    _existing(preview)
    tags.write(preview, {tags.PINNED: None})


def extend(preview: str, by: float, now: float) -> float:
    """Lets it stay ``by`` seconds longer; returns until when, in seconds since the epoch."""
    until = extended(_existing(preview).lease, by, now)
    tags.write(preview, {tags.UNTIL: timing.stamp(until)})
    return until


def _existing(preview: str) -> Record:
    found = records.record(preview)
    if found is None:
        raise UsageError(
            f"there is no preview {preview} in this backend", "`galley ls` shows those there are"
        )
    return found
