"""One forge's REST API: JSON in and out, with time limits, second tries, pages, and refusals in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import requests
from requests.auth import AuthBase

from galley_iac.errors import MachineError
from galley_iac.forge.markdown import plain
from galley_iac.masking import Masker

PAGE = 50
"""Entries of a page: the most that all three forges give by default."""

_CONNECT, _READ = 5.0, 30.0
_PAUSES = (1.0, 2.0, 4.0)
"""Seconds between tries."""

_LONGEST_PAUSE = 30.0
_MISSING, _TOO_MANY_REQUESTS, _SERVER = 404, 429, 500
_MOST_PAGES = 200
_SHOWN = 200


class ForgeError(MachineError):
    """The forge does not answer, or refuses; ``status`` is HTTP's, 0 where there was no answer."""

    def __init__(self, message: str, remedy: str, status: int = 0) -> None:
        super().__init__(message, remedy)
        self.status = status


_REMEDIES = {
    401: "the token is none, or has expired: check GALLEY_FORGE_TOKEN",
    403: "the token may not do that: docs/ci.md lists what it needs",
    _MISSING: "check the repository's name, and that the token may see it",
}


class Http:
    """Requests below ``base``, such as ``https://api.github.com``. The token is in no message."""

    def __init__(self, base: str, token: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._base, self._pause, self._mask = base.rstrip("/"), pause, Masker([token])
        self._session = requests.Session()
        self._session.auth = _Bearer(token)
        self._session.headers["Accept"] = "application/json"
        self._session.headers["User-Agent"] = "galley"

    def get(self, path: str, **query: str | int) -> Any:
        """What is at the path. Raises ForgeError."""
        return _json(self._answer("GET", path, query, None))

    def send(self, method: str, path: str, body: object = None) -> Any:
        """The same for POST, PATCH, PUT and DELETE."""
        return _json(self._answer(method, path, {}, body))

    def found(self, path: str, repository: str) -> Any:
        """As :meth:`get`; None where it is not there. A repository that the token may not see looks the same:
        that raises.
        """
        try:
            return self.get(path)
        except ForgeError as error:
            if error.status != _MISSING:
                raise
        self.get(repository)
        return None

    def pages(self, path: str, **query: str | int) -> Iterator[Any]:
        """The entries of a list, over all its pages. Only *that* there is a next page is believed: where it
        is may be an address that is not ours.
        """
        for page in range(1, _MOST_PAGES + 1):
            answer = self._answer("GET", path, {**query, "page": page}, None)
            found = _json(answer)
            yield from found if isinstance(found, list) else ()
            if "next" not in answer.links:
                return

    def _answer(self, method: str, path: str, query: dict[str, str | int], body: object) -> requests.Response:
        """The first answer that is worth having; what the last try said counts."""
        for pause in _PAUSES:
            answer = self._once(method, path, query, body)
            if isinstance(answer, requests.Response) and not _is_passing(answer):
                break
            self._pause(_pause(answer, pause))
        else:
            answer = self._once(method, path, query, body)
        if isinstance(answer, requests.Response) and answer.ok and not answer.is_redirect:
            return answer
        raise self._refusal(method, path, answer)

    def _once(
        self, method: str, path: str, query: dict[str, str | int], body: object
    ) -> requests.Response | requests.RequestException:
        try:
            return self._session.request(
                method,
                self._base + path,
                params=query,
                json=body,
                timeout=(_CONNECT, _READ),
                allow_redirects=False,  # a token is for the address it was given for
            )
        except requests.RequestException as error:
            return error

    def _refusal(
        self, method: str, path: str, answer: requests.Response | requests.RequestException
    ) -> ForgeError:
        asked = f"{method} {self._base}{path}"
        if not isinstance(answer, requests.Response):
            said = type(answer).__name__
            return ForgeError(f"the forge does not answer ({asked}: {said})", "check --api and the network")
        said = self._mask(plain(_message(answer)))[:_SHOWN]
        remedy = _REMEDIES.get(answer.status_code, "docs/ci.md says what is asked of the forge")
        if answer.is_redirect:
            remedy = "the repository has moved, or --api is not the API's own address"
        return ForgeError(
            f"the forge answered {answer.status_code} to {asked}: {said}", remedy, answer.status_code
        )


class _Bearer(AuthBase):
    """All three forges take it. Set for each request: a netrc file would win over a header of the session."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def escaped(part: str) -> str:
    """One part of a path: a slash in it is not the path's."""
    return quote(part, safe="")


def _is_passing(answer: requests.Response) -> bool:
    return answer.status_code == _TOO_MANY_REQUESTS or answer.status_code >= _SERVER


def _pause(answer: requests.Response | requests.RequestException, otherwise: float) -> float:
    """As long as the forge asks for, but never so long that a job seems to hang."""
    asked = answer.headers.get("Retry-After", "") if isinstance(answer, requests.Response) else ""
    return min(float(asked), _LONGEST_PAUSE) if asked.isdecimal() else otherwise


def _json(answer: requests.Response) -> Any:
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError:
        raise ForgeError(
            f"the forge's answer to {answer.request.method} {answer.url.partition('?')[0]} is no JSON",
            "check --api: it is the API's address, not the forge's own",
        ) from None


def _message(answer: requests.Response) -> str:
    """GitHub and Gitea say ``message``, GitLab ``message`` or ``error``; a proxy a page."""
    try:
        found = answer.json()
    except ValueError:
        return str(answer.reason)
    if not isinstance(found, dict):
        return str(answer.reason)
    return str(found.get("message") or found.get("error") or answer.reason)
