"""Docker's timestamps."""

from __future__ import annotations

from datetime import UTC, datetime


def age_seconds(timestamp: str) -> float:
    """Seconds since a timestamp of the engine's (RFC 3339 in UTC, with nanoseconds)."""
    return (datetime.now(UTC) - parse(timestamp)).total_seconds()


def parse(timestamp: str) -> datetime:
    """The moment, to the microsecond; Docker writes nine digits, and as many as it likes."""
    whole, _, fraction = timestamp.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{(fraction + '000000')[:6]}").replace(tzinfo=UTC)
