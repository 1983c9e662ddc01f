"""The forge's API as one user has it, spoken by the standard library and never by the code that is tested."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Straight to loopback, whatever proxy the machine has."""


@dataclass(frozen=True)
class Answer:
    """A response; ``json`` is None where it has no body."""

    status: int
    json: Any


@dataclass(frozen=True)
class Api:
    """``url`` ends with the API's version; without a token it is anybody's."""

    url: str
    name: str = ""
    token: str = ""

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """One request, whatever its status; 0 when nobody answers."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", content, method=method)
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"token {self.token}")
        try:
            with _OPENER.open(request, timeout=60) as response:
                return _answer(response.status, response.read())
        except urllib.error.HTTPError as error:
            return _answer(error.code, error.read())
        except OSError:
            return Answer(0, None)

    def get(self, path: str) -> Any:
        """What is there; it has to be."""
        return self._done("GET", path)

    def post(self, path: str, body: object = None) -> Any:
        """Makes something; it has to go through."""
        return self._done("POST", path, body)

    def patch(self, path: str, body: object) -> Any:
        """Changes something; it has to go through."""
        return self._done("PATCH", path, body)

    def put(self, path: str, body: object) -> Any:
        """Sets something; it has to go through."""
        return self._done("PUT", path, body)

    def delete(self, path: str) -> Any:
        """Removes something; it has to go through."""
        return self._done("DELETE", path)

    def _done(self, method: str, path: str, body: object = None) -> Any:
        answer = self.ask(method, path, body)
        assert 200 <= answer.status < 300, f"{method} {path}: {answer}"
        return answer.json


def _answer(status: int, content: bytes) -> Answer:
    try:
        return Answer(status, json.loads(content) if content else None)
    except ValueError:
        return Answer(status, content.decode("utf-8", "replace"))
