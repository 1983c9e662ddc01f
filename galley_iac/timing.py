"""Timestamps, as Docker and Pulumi write them and as ours are written."""

from __future__ import annotations

from datetime import UTC, datetime


def age_seconds(timestamp: str) -> float:
    """Seconds since a timestamp of the engine's (RFC 3339 in UTC, with nanoseconds)."""
    return (datetime.now(UTC) - parse(timestamp)).total_seconds()


def seconds(timestamp: str) -> float:
    """A timestamp, in whatever zone, as seconds since the epoch; ValueError when it is none."""
    moment = datetime.fromisoformat(timestamp)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def stamp(moment: float) -> str:
    """Seconds since the epoch as a timestamp in UTC, to the second: ``2026-01-31T12:00:00Z``."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(timestamp: str) -> datetime:
    """The moment, to the microsecond; Docker writes nine digits, and as many as it likes."""
    whole, _, fraction = timestamp.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{(fraction + '000000')[:6]}").replace(tzinfo=UTC)
