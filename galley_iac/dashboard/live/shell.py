"""A shell in a service's container, on whichever place that is.

Neither an engine nor a cluster ends a command when its connection ends. So the shell says its process id
first, and at the end everything of its terminal's session is killed by a second command.
"""

from __future__ import annotations

import codecs
import contextlib
import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from galley_iac.errors import GalleyError

START = (
    "printf '\\033]galley;%s\\007' $$; export TERM=xterm; "
    "if command -v bash >/dev/null 2>&1; then exec bash; fi; exec sh"
)
_SAID = re.compile(rb"\x1b\]galley;([0-9]+)\x07")
_SAID_WITHIN = 5.0
_LONGEST_WAIT = 4096
_END = """\
for stat in /proc/[0-9]*/stat; do
  { read -r line < "$stat"; } 2>/dev/null || continue
  set -- "${stat%%/stat}" ${line##*) }
  if [ "$5" = %s ]; then kill -KILL "${1#/proc/}"; fi
done"""
"""After the name in brackets come the state, the parent, the group and the session."""


class Channel(Protocol):
    """The two ends of a terminal."""

    def read(self) -> bytes | None:
        """What was written, nothing when that is nothing for a moment; None at the end."""

    def write(self, data: bytes) -> None:
        """What somebody types."""

    def resize(self, columns: int, rows: int) -> None:
        """How large it is."""

    def close(self) -> None:
        """Ends the connection."""


Run = Callable[[Sequence[str]], None]
"""Runs a command in the container, to its end."""


class Shell:
    """As :class:`galley_iac.dashboard.source.Terminal` says."""

    def __init__(self, channel: Channel, run: Run) -> None:
        self._channel, self._run = channel, run
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._begun, self._session = b"", ""
        self._is_begun = False
        self._lock, self._closed = threading.Lock(), False

    def read(self) -> str | None:
        """As the protocol says."""
        data = self._channel.read()
        if data is None:
            return None
        return self._decoder.decode(data if self._is_begun else self._begin(data))

    def write(self, text: str) -> None:
        """As the protocol says."""
        self._channel.write(text.encode())

    def resize(self, columns: int, rows: int) -> None:
        """As the protocol says."""
        self._channel.resize(columns, rows)

    def close(self) -> None:
        """As the protocol says."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        with contextlib.suppress(GalleyError, OSError):
            self._await_session()
            if self._session:
                self._run(["sh", "-c", _END % self._session])
        self._channel.close()

    def _begin(self, data: bytes) -> bytes:
        """Takes the session's number out of what comes first; what never says one has it left out."""
        self._begun += data
        said = _SAID.search(self._begun)
        if said is None and len(self._begun) < _LONGEST_WAIT:
            return b""
        self._is_begun = True
        if said is None:
            return self._begun
        self._session = said[1].decode()
        return self._begun[: said.start()] + self._begun[said.end() :]

    def _await_session(self) -> None:
        end = time.monotonic() + _SAID_WITHIN
        while not self._is_begun and time.monotonic() < end:
            if self.read() is None:
                return
