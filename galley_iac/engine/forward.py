"""A local port that leads to a service inside a preview's network.

Nothing is published and the service's own container is left alone: a helper container on the network runs one
relay per connection, over the engine's own connection, so that it also works with an engine on another
machine.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType

import docker

from galley_iac.engine import labels
from galley_iac.engine.listener import Listener
from galley_iac.plan.settings import Settings

_RELAY = """
import socket, sys, threading
peer = socket.create_connection((sys.argv[1], int(sys.argv[2])))
def up():
    while data := sys.stdin.buffer.raw.read(65536):
        peer.sendall(data)
    peer.shutdown(socket.SHUT_WR)
threading.Thread(target=up, daemon=True).start()
while data := peer.recv(65536):
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
"""
_HEADER = 8
_STDOUT = 1
_LIFETIME = 24 * 3600
"""Seconds after which a helper whose command was killed ends by itself."""


class Forward(Listener):
    """Entered: the helper runs and the port listens. Left: both are gone."""

    def __init__(
        self, client: docker.DockerClient, preview: str, service: str, remote: int, local: int
    ) -> None:
        super().__init__(local)
        self._client, self._preview, self._service, self._remote = client, preview, service, remote
        self._helper = ""

    def __enter__(self) -> Forward:
        self._helper = self._client.containers.run(
            Settings().probe_image,
            ["sleep", str(_LIFETIME)],
            network=self._preview,
            labels=self._labels(),
            detach=True,
            auto_remove=True,
            cap_drop=["ALL"],
            security_opt=["no-new-privileges:true"],
            mem_limit="64m",
            user="65534:65534",
        ).id
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()
        with contextlib.suppress(docker.errors.APIError):
            self._client.api.remove_container(self._helper, force=True)

    def _labels(self) -> dict[str, str]:
        """As every object of the preview has them; the network knows the project."""
        network = self._client.api.inspect_network(self._preview)
        return {
            labels.PROJECT: (network.get("Labels") or {}).get(labels.PROJECT, ""),
            labels.PREVIEW: self._preview,
            labels.SERVICE: self._service,
            labels.ROLE: labels.ROLE_HELPER,
        }

    def _relay(self, connection: socket.socket) -> None:
        api = self._client.api
        command = ["python3", "-u", "-c", _RELAY, self._service, str(self._remote)]
        started = api.exec_create(self._helper, command, stdin=True)
        stream = api.exec_start(started["Id"], socket=True)
        relay = getattr(stream, "_sock", stream)
        threading.Thread(target=_copy, args=(connection, relay), daemon=True).start()
        _unpack(stream, connection)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def _unpack(stream: object, sink: socket.socket) -> None:
    """Docker frames the output: one byte for the stream, three unused, four for the length."""
    read = stream.read  # type: ignore[attr-defined]
    with contextlib.suppress(OSError):
        while len(header := _exactly(read, _HEADER)) == _HEADER:
            data = _exactly(read, int.from_bytes(header[4:], "big"))
            if header[0] == _STDOUT:
                sink.sendall(data)


def _exactly(read: object, count: int) -> bytes:
    data = b""
    while len(data) < count and (chunk := read(count - len(data))):  # type: ignore[operator]
        data += chunk
    return data
