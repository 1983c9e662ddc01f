"""A local port that leads to a pod's, through the API server: nothing is added to the preview."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Any

from galley_iac.cluster.client import Api, Client
from galley_iac.cluster.exec import messages
from galley_iac.cluster.live import Pod
from galley_iac.engine.listener import Listener
from galley_iac.errors import GalleyError

_PROTOCOL = "v4.channel.k8s.io"
_DATA, _ERROR = 0, 1
_BLOCK = 1 << 16


def exposed(api: Api, preview: str, pod: Pod) -> int | None:
    """The port that the service's container says it listens on, if it says one."""
    found = api.find(f"/api/v1/namespaces/{preview}/pods/{pod.name}") or {"spec": {"containers": ()}}
    own = [one for one in found["spec"]["containers"] if one["name"] == pod.service]
    return next((int(port["containerPort"]) for one in own for port in one.get("ports") or ()), None)


class Forward(Listener):
    """Entered: the port listens. Left: it does not."""

    def __init__(self, client: Client, preview: str, pod: str, remote: int, local: int) -> None:
        super().__init__(local)
        self._client, self._remote = client, remote
        self._path = f"/api/v1/namespaces/{preview}/pods/{pod}/portforward"

    def __enter__(self) -> Forward:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()

    def _relay(self, connection: socket.socket) -> None:
        """A WebSocket of its own for each connection; one that is refused is closed."""
        query = [("ports", str(self._remote))]
        with (
            contextlib.suppress(GalleyError),
            contextlib.closing(self._client.connect(self._path, query, _PROTOCOL)) as far,
        ):
            threading.Thread(target=_pass_on, args=(connection, far), daemon=True).start()
            _pass_back(far, connection)


def _pass_on(connection: socket.socket, far: Any) -> None:
    """The protocol has no word for the end of one direction, so the other goes on until its own."""
    with contextlib.suppress(Exception):
        while data := connection.recv(_BLOCK):
            far.send_binary(bytes([_DATA]) + data)


def _pass_back(far: Any, connection: socket.socket) -> None:
    """Each channel begins with the port's number; a word on the second one is why it has ended."""
    begun: set[int] = set()
    with contextlib.suppress(OSError):
        for message in messages(far):
            channel = message[0]
            if channel not in begun:
                begun.add(channel)
            elif channel == _ERROR:
                return
            else:
                connection.sendall(message[1:])
