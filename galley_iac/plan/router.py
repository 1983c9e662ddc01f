"""The preview's router as Caddy's own JSON: data, so that no host or service name can be read as syntax."""

from __future__ import annotations

import json
from collections.abc import Sequence

from galley_iac.plan.model import Route

LISTEN_PORT = 80
_RETRY_FOR = "5s"
"""While a service's container is replaced nothing answers for about a second: requests wait instead of
failing.
"""


def caddy_config(preview: str, routes: Sequence[Route]) -> str:
    """The configuration: one entry per route by host name, and a page that names the hosts for everything
    else.

    The admin API is off: what runs in the preview could reach it. Requests keep their Host header.
    """
    server = {"listen": [f":{LISTEN_PORT}"], "routes": [*map(_entry, routes), _fallback(preview, routes)]}
    config = {
        "admin": {"disabled": True, "config": {"persist": False}},
        "apps": {"http": {"servers": {"preview": {**server, "automatic_https": {"disable": True}}}}},
    }
    return json.dumps(config, indent=1, sort_keys=True)


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
