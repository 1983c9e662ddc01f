"""A TLS client that verifies certificates and names, and finds hosts without DNS.

As a program, for another network namespace, it prints a status: ``client.py ADDRESS PORT HOST PATH ROOT``.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """A response; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Connection(http.client.HTTPSConnection):
    """To an address, with the name that is asked for and verified."""

    def __init__(self, address: str, port: int, host: str, root: str | None) -> None:
        super().__init__(host, port, timeout=SECONDS, context=ssl.create_default_context(cafile=root))
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Client:
    """Where the edge is, and the file with the authority that is trusted; None for the machine's own."""

    port: int
    root: str | None
    address: str = "127.0.0.1"
    headers: Mapping[str, str] = field(default_factory=dict)

    def open(self, host: str) -> Connection:
        """A connection to a host."""
        return Connection(self.address, self.port, host, self.root)

    def ask(self, host: str, path: str = "/", *, body: bytes | None = None, **headers: str) -> Answer:
        """One request; an underscore in a header's name stands for a dash."""
        connection = self.open(host)
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request("POST" if body is not None else "GET", path, body, {**self.headers, **own})
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()


if __name__ == "__main__":
    _, address, port, host, path, root = sys.argv
    print(Client(int(port), root, address).ask(host, path).status)
