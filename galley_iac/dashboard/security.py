"""What holds for every request: the host it asks for is ours, and the answer may load nothing from
elsewhere.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""No inline script and no inline style: a branch's name or a log line cannot become either."""

_ASSETS = "/static/"
_SHORTLY = "max-age=60"
"""Long enough for one who goes from page to page, short enough for another version of the dashboard."""


class Guard:
    """Adds the headers, and refuses a host that is not ours, as another site has after DNS rebinding."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes HTTP on; there is nothing else here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                is_asset = scope["path"].startswith(_ASSETS) and message["status"] in (200, 304)
                headers.setdefault("Cache-Control", _SHORTLY if is_asset else "no-store")
            await send(message)

        if host_name(Headers(scope=scope).get("host", "")) in self._names:
            await self._app(scope, receive, send_with_headers)
        else:
            answer = PlainTextResponse("this host name is not one of the dashboard's\n", 421)
            await answer(scope, receive, send_with_headers)


def host_name(host: str) -> str:
    """The name in a Host header, without the port; empty for what is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def is_own_origin(headers: Headers) -> bool:
    """Whether a request that changes something comes from a page of ours, as far as the browser says.

    A client that is no browser sends neither header, and nobody else's login by itself.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
