"""Servers on the loopback interface that answer as a test wants, one connection after the other."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence

Behaviour = Callable[[socket.socket, "Server"], None]


class Server:
    """Gives each connection the next behaviour, the last one to all that follow; keeps what was sent."""

    def __init__(self, behaviours: Sequence[Behaviour]) -> None:
        self._behaviours = list(behaviours)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self.closing = threading.Event()
        self.received: list[bytes] = []
        self.connections = 0

    def run(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            behaviour = self._behaviours[min(self.connections, len(self._behaviours) - 1)]
            self.connections += 1
            self._start(lambda c=connection, b=behaviour: self._serve(c, b))

    def _serve(self, connection: socket.socket, behaviour: Behaviour) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            behaviour(connection, self)

    def _start(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target)
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        """Ends the listener and every connection; returns when no thread is left."""
        self.closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def __enter__(self) -> Server:
        self._start(self.run)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def answer(reply: bytes) -> Behaviour:
    """Takes in what is asked, answers, and closes."""

    def behave(connection: socket.socket, server: Server) -> None:
        server.received.append(connection.recv(65536))
        connection.sendall(reply)

    return behave


def greet(reply: bytes) -> Behaviour:
    """Speaks first, as MySQL and NATS do."""

    def behave(connection: socket.socket, server: Server) -> None:
        connection.sendall(reply)
        server.received.append(connection.recv(65536))

    return behave


def close(connection: socket.socket, server: Server) -> None:
    """Accepts and closes without a word, as a proxy does whose server is not there."""


def silent(_connection: socket.socket, server: Server) -> None:
    """Accepts and never answers."""
    server.closing.wait(10)


def dripping(head: bytes) -> Behaviour:
    """Sends a byte now and then, for ever: no single read takes long."""

    def behave(connection: socket.socket, server: Server) -> None:
        connection.sendall(head)
        while not server.closing.wait(0.05):
            connection.sendall(b"x")

    return behave


@contextlib.contextmanager
def closed_port() -> Iterator[int]:
    """A port that nothing listens on, kept from others for the time."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@contextlib.contextmanager
def took(at_least: float, at_most: float) -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert at_least <= time.monotonic() - begun <= at_most
