"""Shells that are open from pages: who opened each, and that each ends when its page does."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from galley_iac.dashboard.audit import Asked, Audit
from galley_iac.dashboard.source import Terminal

NOT_ON = "shells are not turned on: galley dashboard --shell"
MOST = 16
"""Open at the same time."""

_LISTENED_WITHIN = 30.0
"""Seconds in which its page has to begin to listen, or it ends."""

_IDLE = 3600.0
_BYTES = 16

Owner = tuple[str, ...]
"""The session, or whoever the proxy or the token says: nobody else can write into a shell, or read it."""


@dataclass
class Shell:
    """One of them. ``used`` is when something was typed last, by the monotonic clock."""

    id: str
    owner: Owner
    asked: Asked
    preview: str
    service: str
    terminal: Terminal
    used: float = field(default_factory=time.monotonic)
    listened: bool = False

    @property
    def is_idle(self) -> bool:
        """Whether nobody has typed for so long that it ends."""
        return time.monotonic() - self.used > _IDLE


class Shells:
    """All that are open; each is recorded when it is opened and when it has ended."""

    def __init__(self, audit: Audit) -> None:
        self._audit, self._lock = audit, threading.Lock()
        self._open: dict[str, Shell] = {}

    @property
    def is_full(self) -> bool:
        """Whether no other can be opened."""
        return len(self._open) >= MOST

    def begin(
        self, owner: Owner, asked: Asked, preview: str, service: str, open_it: Callable[[], Terminal]
    ) -> Shell:
        """Opens one. Raises GalleyError when it cannot be opened."""
        self._audit.record(asked, "shell", "asked", preview=preview, service=service)
        try:
            terminal = open_it()
        except BaseException:
            self._audit.record(asked, "shell", "failed", preview=preview, service=service)
            raise
        made = Shell(secrets.token_urlsafe(_BYTES), owner, asked, preview, service, terminal)
        with self._lock:
            self._open[made.id] = made
        late = threading.Timer(_LISTENED_WITHIN, self._end_unheard, (made,))
        late.daemon = True
        late.start()
        return made

    def of(self, identifier: str, owner: Owner) -> Shell | None:
        """One of the owner's; None for anybody else's."""
        found = self._open.get(identifier)
        return found if found and found.owner == owner else None

    def listen(self, identifier: str, owner: Owner) -> Shell | None:
        """The same, for the one page that reads it: None for a second."""
        with self._lock:
            found = self.of(identifier, owner)
            if found is None or found.listened:
                return None
            found.listened = True
            return found

    def end(self, shell: Shell) -> None:
        """Ends it with all that was started in it."""
        with self._lock:
            is_open = self._open.pop(shell.id, None) is not None
        if is_open:
            shell.terminal.close()
            self._audit.record(shell.asked, "shell", "done", preview=shell.preview, service=shell.service)

    def end_all(self) -> None:
        """The dashboard ends."""
        for shell in list(self._open.values()):
            self.end(shell)

    def _end_unheard(self, shell: Shell) -> None:
        if not shell.listened:
            self.end(shell)
