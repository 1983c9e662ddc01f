"""Requests through a preview's router, by host name and without DNS."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """A response."""

    status: int
    body: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def ask(host: str, port: int, path: str = "/", *, method: str = "GET", body: object = None) -> Answer:
    """Asks the router on loopback for ``host``: names below .localhost need not resolve on every machine."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
    try:
        content = None if body is None else json.dumps(body)
        headers = {"Host": f"{host}:{port}", "Content-Type": "application/json"}
        connection.request(method, path, content, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read().decode("utf-8", "replace"))
    finally:
        connection.close()


def ask_url(url: str, path: str = "/", *, method: str = "GET", body: object = None) -> Answer:
    """The same for a URL as the command prints it."""
    parts = urlsplit(url)
    assert parts.hostname, url
    assert parts.port, url
    return ask(parts.hostname, parts.port, path, method=method, body=body)


def eventually(probe: Callable[[], Any], what: str, within: float = 30.0) -> Any:
    """The first true value of ``probe``; fails with the last one when the time is over."""
    end = time.monotonic() + within
    while not (value := probe()):
        assert time.monotonic() < end, f"not within {within:g} s: {what}; last seen: {value!r}"
        time.sleep(0.1)
    return value
