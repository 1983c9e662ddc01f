"""A command with a terminal in a container, by the engine's exec."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import docker

from galley_iac.engine.client import connect
from galley_iac.errors import PreviewError

_MOMENT = 1.0
_MOST = 1 << 16


class Exec:
    """As :class:`galley_iac.dashboard.live.shell.Channel` says, on a connection of its own."""

    def __init__(self, host: str, container: str, command: Sequence[str]) -> None:
        """Raises PreviewError with what the engine says against it."""
        self._client = connect(host)
        try:
            self._id = self._client.api.exec_create(container, list(command), stdin=True, tty=True)["Id"]
            self._answer: Any = self._client.api.exec_start(self._id, tty=True, socket=True)
        except docker.errors.APIError as error:
            self._client.close()
            raise PreviewError(f"no shell can be opened: {error.explanation}") from None
        self._socket = getattr(self._answer, "_sock", self._answer)
        self._socket.settimeout(_MOMENT)

    def read(self) -> bytes | None:
        """As the protocol says."""
        try:
            return self._socket.recv(_MOST) or None
        except TimeoutError:
            return b""
        except OSError:
            return None

    def write(self, data: bytes) -> None:
        """As the protocol says."""
        self._socket.sendall(data)

    def resize(self, columns: int, rows: int) -> None:
        """As the protocol says; what has ended has no size."""
        with contextlib.suppress(docker.errors.APIError):
            self._client.api.exec_resize(self._id, height=rows, width=columns)

    def close(self) -> None:
        """As the protocol says."""
        with contextlib.suppress(OSError):
            self._socket.close()
        self._client.close()


def run(host: str, container: str, command: Sequence[str]) -> None:
    """Runs a command to its end; that its container is gone is no error."""
    with contextlib.closing(connect(host)) as client, contextlib.suppress(docker.errors.APIError):
        client.api.exec_start(client.api.exec_create(container, list(command))["Id"])
