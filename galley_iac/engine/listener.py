"""A local port, each of whose connections is relayed to a service of a preview."""

from __future__ import annotations

import contextlib
import socket
import threading
from abc import ABC, abstractmethod


class Listener(ABC):
    """Listens on loopback at once; :meth:`serve` accepts."""

    def __init__(self, local: int) -> None:
        """``local`` is the port, 0 for any that is free."""
        self._listener = socket.create_server(("127.0.0.1", local))

    @property
    def port(self) -> int:
        """The local port."""
        number: int = self._listener.getsockname()[1]
        return number

    def serve(self) -> None:
        """Accepts connections until the listener is closed."""
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        """Closing alone would not end a connection that another thread still waits for."""
        with connection, contextlib.suppress(OSError):
            try:
                self._relay(connection)
            finally:
                connection.shutdown(socket.SHUT_RDWR)

    @abstractmethod
    def _relay(self, connection: socket.socket) -> None:
        """Passes on what comes, both ways, until the end."""
