"""Sessions of people who have given the token: in memory, so that they end with the dashboard at the
latest.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

LONGEST = 12 * 3600.0
IDLE = 3600.0
_BYTES = 32
_MOST = 1000


@dataclass
class Session:
    """When it began and was used last, by the clock of its keeper; ``csrf`` is what its forms send back."""

    begun: float
    used: float
    csrf: str


class Sessions:
    """A session ends ``LONGEST`` seconds after it began, ``IDLE`` seconds after it was used last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def begin(self) -> str:
        """A new session's id: a secret, for a cookie."""
        now, identifier = self._clock(), secrets.token_urlsafe(_BYTES)
        with self._lock:
            self._sessions = {key: one for key, one in self._sessions.items() if _is_valid(one, now)}
            while len(self._sessions) >= _MOST:
                del self._sessions[next(iter(self._sessions))]
            self._sessions[identifier] = Session(now, now, secrets.token_urlsafe(_BYTES))
        return identifier

    def use(self, identifier: str) -> Session | None:
        """The session, used now; None when there is none or it has ended."""
        now = self._clock()
        with self._lock:
            found = self._sessions.get(identifier)
            if found is None or not _is_valid(found, now):
                self._sessions.pop(identifier, None)
                return None
            found.used = now
            return found

    def end(self, identifier: str) -> None:
        """Ends it; one that is not there has ended already."""
        with self._lock:
            self._sessions.pop(identifier, None)


def _is_valid(session: Session, now: float) -> bool:
    return now - session.begun < LONGEST and now - session.used < IDLE
