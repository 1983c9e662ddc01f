"""Who asks, whether they may read, and whether a request to act is really theirs."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from galley_iac.dashboard.auth.sessions import Sessions
from galley_iac.dashboard.security import is_own_origin
from galley_iac.dashboard.settings import Settings

COOKIE = "galley_session"
_BEARER = "bearer "
_WRONG_MOST = 10
_WRONG_WITHIN = 60.0
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Who:
    """Somebody who may act. ``csrf`` is what has to come with a form; empty for a bearer of the token,
    which no browser sends by itself.
    """

    name: str
    how: str
    csrf: str = ""


class Access:
    """Decides from the request alone; ``token`` is the home's own."""

    def __init__(
        self,
        settings: Settings,
        token: str,
        sessions: Sessions | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._token, self._clock = settings, token, clock
        self.sessions = sessions or Sessions()
        self._key = secrets.token_bytes()
        self._lock = threading.Lock()
        self._wrong: deque[float] = deque(maxlen=_WRONG_MOST)

    def who(self, request: Request) -> Who | None:
        """Who asks; None for somebody who is not known, and so may not act."""
        return self._bearer(request) or self._of_session(request) or self._of_proxy(request)

    def may_read(self, request: Request) -> bool:
        """Whether a page may be shown."""
        return self._settings.open_to_read or self.who(request) is not None

    def refusal(self, request: Request, who: Who | None, csrf: str) -> tuple[int, str] | None:
        """Why a request to act is refused, with its status; None when it is not."""
        if who is None:
            return 401, "log in to do that"
        if who.csrf and not is_own_origin(request.headers):
            return 403, "this request comes from another site"
        if who.csrf and not _same(csrf, who.csrf):
            return 403, "this page is out of date: load it again"
        return None

    def log_in(self, given: str) -> str | None:
        """A new session for the right token, else None."""
        if not self._is_token(given):
            return None
        return self.sessions.begin()

    @property
    def is_shut(self) -> bool:
        """Whether so many wrong tokens came lately that none is looked at for a while."""
        with self._lock:
            return len(self._wrong) == _WRONG_MOST and self._clock() - self._wrong[0] < _WRONG_WITHIN

    def came_from(self, request: Request) -> str:
        """The address that is recorded: a proxy's own, and whom it says that it asks for."""
        peer = request.client.host if request.client else "unknown"
        told = request.headers.get("x-forwarded-for", "")[:_LONGEST_NAME]
        return f"{told} by {peer}" if told and self._settings.is_proxy(peer) else peer

    def _is_token(self, given: str) -> bool:
        if self.is_shut:
            return False
        if _same(given, self._token):
            return True
        with self._lock:
            self._wrong.append(self._clock())
        return False

    def _bearer(self, request: Request) -> Who | None:
        given = request.headers.get("authorization", "")
        if not given.lower().startswith(_BEARER):
            return None
        return Who("token", "bearer") if self._is_token(given[len(_BEARER) :].strip()) else None

    def _of_session(self, request: Request) -> Who | None:
        session = self.sessions.use(request.cookies.get(COOKIE, ""))
        return Who("token", "session", session.csrf) if session else None

    def _of_proxy(self, request: Request) -> Who | None:
        header, peer = self._settings.identity_header, request.client
        if not header or peer is None or not self._settings.is_proxy(peer.host):
            return None
        name = request.headers.get(header, "").strip()[:_LONGEST_NAME]
        if not name or not name.isprintable():
            return None
        csrf = hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()
        return Who(name, "proxy", csrf)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode())
