"""How long a preview has, in words, as several verbs say it."""

from __future__ import annotations

import time

from galley_iac import duration, timing
from galley_iac.automation import records
from galley_iac.automation.records import Record


def words(preview: str) -> str:
    """``expires in 6 d 23 h (2026-01-31T12:00:00Z)``; empty where nothing is known of it."""
    found = records.record(preview)
    return of_record(found, time.time()) if found else ""


def of_record(found: Record, now: float) -> str:
    """The same of a record that was read already."""
    if found.pinned:
        return "pinned"
    expires = found.lease.expires
    if expires is None:
        return ""
    if expires <= now:
        return f"expired {duration.text(now - expires)} ago; the next `galley gc` removes it"
    return f"expires in {duration.text(expires - now)} ({timing.stamp(expires)})"
