"""The preview's router as Caddy's own JSON: data, so that no host or service name can be read as syntax."""

from __future__ import annotations

import json
from collections.abc import Sequence

from galley_iac.edge.access import Guard, caddy_routes
from galley_iac.edge.names import KNOWN_PORT, ROUTER_PORT
from galley_iac.plan.model import Route

LISTEN_PORT = ROUTER_PORT
_RETRY_FOR = "5s"
"""While a service's container is replaced nothing answers for about a second: requests wait instead of
failing.
"""

_OPEN = Guard()


def caddy_config(preview: str, routes: Sequence[Route], guard: Guard = _OPEN, *, edge: bool = False) -> str:
    """The configuration: one entry per route by host name, and a page that names the hosts for everything
    else. ``guard`` comes before both; behind an ``edge``, another port says which hosts there are.

    The admin API is off: what runs in the preview could reach it. Requests keep their Host header.
    """
    entries = [*caddy_routes(guard), *map(_entry, routes), _fallback(preview, routes)]
    servers = {"preview": _server(LISTEN_PORT, entries)}
    if edge:
        servers["known"] = _server(KNOWN_PORT, _known(routes))
    config = {
        "admin": {"disabled": True, "config": {"persist": False}},
        "apps": {"http": {"servers": servers}},
    }
    return _text(config)


def trusting(config: str, proxy: str) -> str:
    """The configuration with the address of the edge, whose word for where a request comes from counts."""
    document = json.loads(config)
    server = document["apps"]["http"]["servers"]["preview"]
    server["trusted_proxies"] = {"source": "static", "ranges": [proxy]}
    server["trusted_proxies_strict"] = 1
    return _text(document)


def _text(config: dict[str, object]) -> str:
    return json.dumps(config, indent=1, sort_keys=True)


def _server(port: int, routes: Sequence[object]) -> dict[str, object]:
    return {"listen": [f":{port}"], "routes": list(routes), "automatic_https": {"disable": True}}


def _known(routes: Sequence[Route]) -> list[dict[str, object]]:
    hosts = [host for route in routes for host in route.hosts]
    return [
        {"match": [{"host": hosts}], "handle": [{"handler": "static_response"}], "terminal": True},
        {"handle": [{"handler": "static_response", "status_code": 404}]},
    ]


def _entry(route: Route) -> dict[str, object]:
    proxy = {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": f"{route.service}:{route.port}"}],
        "load_balancing": {"try_duration": _RETRY_FOR},
        "flush_interval": -1,
    }
    return {"match": [{"host": list(route.hosts)}], "handle": [proxy], "terminal": True}


def _fallback(preview: str, routes: Sequence[Route]) -> dict[str, object]:
    hosts = "".join(f"  {host}\n" for route in routes for host in route.hosts)
    body = f"No service of preview {preview} answers to this host. It answers to:\n{hosts}"
    headers = {"Content-Type": ["text/plain; charset=utf-8"], "X-Robots-Tag": ["noindex"]}
    return {"handle": [{"handler": "static_response", "status_code": 404, "headers": headers, "body": body}]}
