"""Until when a preview may stay."""

from __future__ import annotations

from dataclasses import dataclass

from galley_iac.duration import DAY

DEFAULT_TTL = 7 * DAY


@dataclass(frozen=True)
class Lease:
    """What a preview's end follows from.

    ``activity`` is when it was last brought up or woken, None where nobody knows; ``until`` what it was
    extended to. Being looked at is no activity: nothing of ours sees the requests.
    """

    activity: float | None
    ttl: float = DEFAULT_TTL
    until: float | None = None
    pinned: bool = False

    @property
    def expires(self) -> float | None:
        """When it ends; None for one that is pinned, or of which no time is known at all."""
        if self.pinned:
            return None
        ends = [] if self.activity is None else [self.activity + self.ttl]
        return max([*ends, *([] if self.until is None else [self.until])], default=None)

    def has_expired(self, now: float) -> bool:
        """Whether its time is over; what has no end never is."""
        return self.expires is not None and self.expires <= now

    def idle(self, now: float) -> float | None:
        """How long ago it was last active."""
        return None if self.activity is None else max(now - self.activity, 0.0)


def extended(lease: Lease, by: float, now: float) -> float:
    """The new end: ``by`` later than the present one, or than now where that is over or unknown.

    A pinned preview's time runs on unseen, so that it is not gone at once when it is unpinned.
    """
    ends = Lease(lease.activity, lease.ttl, lease.until).expires
    return max(ends if ends is not None else now, now) + by
