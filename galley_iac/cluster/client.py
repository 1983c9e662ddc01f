"""A connection to a cluster's API, which is read as the JSON that it speaks.

Of the official client only what knows kubeconfigs, certificates and logins is used: its thousands of
generated classes would add nothing to dictionaries.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from galley_iac.errors import MachineError, PreviewError

_TIMEOUT = 30.0
_NOT_FOUND, _FIRST_ERROR = 404, 400
_MERGE = "application/merge-patch+json"
_WHAT_THE_USER_MAY = "check what the kubeconfig's user may do"

Json = Mapping[str, Any]


class Api(Protocol):
    """What is asked of a cluster; ``query`` are the request's parameters."""

    def find(self, path: str, **query: object) -> Json | None:
        """An object; None where there is none."""

    def items(self, path: str, **query: object) -> list[Json]:
        """The objects of a list; none where the kind is not known."""

    def change(self, path: str, body: Json) -> None:
        """Merges ``body`` into an object."""

    def delete(self, path: str) -> None:
        """Removes an object; that there is none is no error."""

    def text(self, path: str, **query: object) -> str:
        """A log; empty where there is none."""

    def lines(self, path: str, **query: object) -> Iterator[bytes]:
        """A log as it is written, until it ends."""


class Client:
    """The API of one cluster."""

    def __init__(self, context: str = "") -> None:
        """The kubeconfig's ``context``, empty for the current one; MachineError where there is none."""
        try:
            from kubernetes import config
            from kubernetes.config import ConfigException
        except ModuleNotFoundError:
            raise MachineError(
                "the cluster's client is not installed", "pip install 'galley-iac[kubernetes]'"
            ) from None
        try:
            api = config.new_client_from_config(context=context or None)  # type: ignore[no-untyped-call]
        except (ConfigException, OSError) as error:
            remedy = "set KUBECONFIG, or name a context: `galley config set kubeContext NAME`"
            raise MachineError(f"no cluster is configured: {error}", remedy) from None
        self._configuration = api.configuration
        self._pool = api.rest_client.pool_manager

    def find(self, path: str, **query: object) -> Json | None:
        """As :class:`Api` says."""
        answer = self._ask("GET", path, query)
        found: Json | None = None if answer.status == _NOT_FOUND else json.loads(_checked(answer))
        return found

    def items(self, path: str, **query: object) -> list[Json]:
        """As :class:`Api` says."""
        return list((self.find(path, **query) or {}).get("items") or [])

    def change(self, path: str, body: Json) -> None:
        """As :class:`Api` says."""
        _checked(self._ask("PATCH", path, {}, json.dumps(body), {"Content-Type": _MERGE}))

    def delete(self, path: str) -> None:
        """As :class:`Api` says."""
        answer = self._ask("DELETE", path, {})
        if answer.status != _NOT_FOUND:
            _checked(answer)

    def text(self, path: str, **query: object) -> str:
        """As :class:`Api` says."""
        answer = self._ask("GET", path, query)
        return "" if answer.status >= _FIRST_ERROR else answer.data.decode("utf-8", "replace")

    def lines(self, path: str, **query: object) -> Iterator[bytes]:
        """As :class:`Api` says."""
        answer = self._ask("GET", path, query, stream=True)
        buffer = b""
        if answer.status < _FIRST_ERROR:
            for chunk in answer.stream(amt=None):
                *whole, buffer = (buffer + chunk).split(b"\n")
                yield from whole
        if buffer:
            yield buffer

    def connect(self, path: str, query: Sequence[tuple[str, str]], protocol: str) -> Any:
        """A WebSocket to a path of the API, speaking ``protocol``; PreviewError with what the API says."""
        from kubernetes.stream.ws_client import create_websocket, get_websocket_url
        from websocket import WebSocketBadStatusException, WebSocketException

        where = f"{self._configuration.host}{path}"
        url = get_websocket_url(where, list(query))  # type: ignore[no-untyped-call]
        headers = {**self._login(), "sec-websocket-protocol": protocol}
        try:
            return create_websocket(self._configuration, url, headers)  # type: ignore[no-untyped-call]
        except WebSocketBadStatusException as error:
            raise PreviewError(
                f"the cluster refuses: {_message(error.resp_body or b'')}", _WHAT_THE_USER_MAY
            ) from None
        except (WebSocketException, OSError) as error:
            raise self._silent(error) from None

    def _login(self) -> dict[str, str]:
        """Asked for each time: a token may have been renewed."""
        found = self._configuration.auth_settings().values()
        return {one["key"]: one["value"] for one in found if one["in"] == "header"}

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, object],
        body: str | None = None,
        more: Mapping[str, str] | None = None,
        *,
        stream: bool = False,
    ) -> Any:
        from urllib3 import Timeout
        from urllib3.exceptions import HTTPError

        headers = self._login() | dict(more or {})
        fields = {"fields": {name: str(value) for name, value in query.items()}} if query else {"body": body}
        try:
            return self._pool.request(
                method,
                f"{self._configuration.host}{path}",
                headers=headers,
                preload_content=not stream,
                timeout=Timeout(connect=_TIMEOUT, read=None if stream else _TIMEOUT),
                retries=2,
                **fields,
            )
        except HTTPError as error:
            raise self._silent(error) from None

    def _silent(self, error: Exception) -> MachineError:
        return MachineError(
            f"the cluster at {self._configuration.host} does not answer ({type(error).__name__})",
            "check the kubeconfig, or name another cluster: `galley config set kubeContext NAME`",
        )


def _checked(answer: Any) -> str:
    """The body; PreviewError with what the API says against it."""
    if answer.status >= _FIRST_ERROR:
        raise PreviewError(f"the cluster refuses: {_message(answer.data)}", _WHAT_THE_USER_MAY)
    return str(answer.data.decode("utf-8", "replace"))


def _message(body: bytes) -> str:
    """What an answer says, without the document around it."""
    text = body.decode("utf-8", "replace")
    try:
        said = str(json.loads(text).get("message") or text)
    except (ValueError, AttributeError):
        said = text
    return said.strip()[:300]
