"""The edge as Caddy's JSON. It names no preview: adding or removing one changes nothing here.

The preview's name is part of the host; its router is found by that name, in the DNS of a network that only
routers are on. So there is nothing to reload, no socket of the engine's to read, and no admin API.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from galley_iac.edge.model import Certificates, Edge, Issuer
from galley_iac.edge.names import KNOWN_PORT, ROUTER_PORT, alias

HTTP_PORT, HTTPS_PORT = 80, 443
"""Inside the container; which ports of the host they are is the edge's to say."""

CERTIFICATE, KEY, ACME_ROOT = (f"/etc/caddy/{name}" for name in ("certificate.pem", "key.pem", "acme-ca.pem"))
ROOT_CERTIFICATE = "/data/caddy/pki/authorities/local/root.crt"
"""Where the internal authority has its own certificate."""

_ASK_PORT = 2020
"""On loopback inside the container: asked for each name before a certificate is made for it."""

_NAME = "[a-z0-9]+(?:-[a-z0-9]+)*"
"""A preview's name: it has no ``--``, which parts it from a service's."""

_RETRY_FOR = "2s"
"""While a router is replaced nothing answers for half a second."""

_ABSENT = "No preview answers here: it is gone, asleep, or just being updated.\n"
_UNKNOWN = "This is no host of a preview.\n"


def caddy_config(edge: Edge) -> str:
    """The whole configuration of an edge."""
    servers = {"edge": _edge(edge), "plain": _plain(edge)}
    if edge.certificates.on_demand:
        servers["ask"] = _ask(edge)
    apps: dict[str, object] = {"http": {"servers": servers}, "tls": _tls(edge)}
    if edge.certificates.issuer is Issuer.INTERNAL:
        local = {"name": f"Galley edge {edge.name}", "install_trust": False}
        apps["pki"] = {"certificate_authorities": {"local": local}}
    admin = {"disabled": True, "config": {"persist": False}}
    return json.dumps({"admin": admin, "apps": apps}, indent=1, sort_keys=True)


def _server(listen: str, routes: Sequence[object], **more: object) -> dict[str, object]:
    return {"listen": [listen], "routes": list(routes), "automatic_https": {"disable": True}, **more}


def _edge(edge: Edge) -> dict[str, object]:
    proxy = {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": f"{alias('{http.regexp.host.1}')}:{ROUTER_PORT}"}],
        "load_balancing": {"try_duration": _RETRY_FOR},
        "flush_interval": -1,
    }
    routes = [
        {"handle": [_noindex()]},
        {"match": [_host(edge, "{http.request.host}")], "handle": [proxy], "terminal": True},
        {"handle": [_text(404, _UNKNOWN)]},
    ]
    errors = {"routes": [{"handle": [_noindex(), _text(503, _ABSENT)]}]}
    return _server(
        f":{HTTPS_PORT}",
        routes,
        errors=errors,
        tls_connection_policies=[{}],
        protocols=["h1", "h2"],
    )


def _plain(edge: Edge) -> dict[str, object]:
    """Everything on the port for HTTP goes to HTTPS, but for what an ACME authority asks."""
    port = "" if edge.https_port == HTTPS_PORT else f":{edge.https_port}"
    target = f"https://{{http.request.host}}{port}{{http.request.uri}}"
    redirect = {"handler": "static_response", "status_code": 308, "headers": {"Location": [target]}}
    return _server(f":{HTTP_PORT}", [{"handle": [redirect]}])


def _ask(edge: Edge) -> dict[str, object]:
    """Answers 200 only for a host that a preview's router knows."""
    domain = "{http.request.uri.query.domain}"
    proxy = {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": f"{alias('{http.regexp.host.1}')}:{KNOWN_PORT}"}],
        "headers": {"request": {"set": {"Host": [domain]}}},
    }
    routes = [
        {"match": [_host(edge, domain)], "handle": [proxy], "terminal": True},
        {"handle": [_text(404, _UNKNOWN)]},
    ]
    return _server(f"127.0.0.1:{_ASK_PORT}", routes)


def _host(edge: Edge, value: str) -> dict[str, Any]:
    """Captures the preview's name, which comes after that of a service and ``--`` or a dot, or alone."""
    domains = "|".join(map(re.escape, edge.domains))
    pattern = rf"^(?:[a-z0-9-]+(?:--|\.))?({_NAME})\.(?:{domains})$"
    return {"vars_regexp": {value: {"name": "host", "pattern": pattern}}}


def _tls(edge: Edge) -> dict[str, object]:
    wanted = edge.certificates
    if wanted.issuer is Issuer.OWN:
        return {"certificates": {"load_files": [{"certificate": CERTIFICATE, "key": KEY}]}}
    ask = {"module": "http", "endpoint": f"http://127.0.0.1:{_ASK_PORT}/"}
    policies: list[dict[str, object]] = [{"on_demand": True, "issuers": [_issuer(wanted)]}]
    tls: dict[str, object] = {"automation": {"on_demand": {"permission": ask}, "policies": policies}}
    if wanted.issuer is Issuer.INTERNAL:
        names = [name for domain in edge.domains for name in (domain, f"*.{domain}")]
        policies.insert(0, {"subjects": names, "issuers": [_issuer(wanted)]})
        tls["certificates"] = {"automate": names}
    return tls


def _issuer(wanted: Certificates) -> dict[str, object]:
    if wanted.issuer is Issuer.INTERNAL:
        return {"module": "internal"}
    issuer: dict[str, object] = {"module": "acme"}
    if wanted.directory:
        issuer["ca"] = wanted.directory
    if wanted.email:
        issuer["email"] = wanted.email
    if wanted.private_root:
        issuer["trusted_roots_pem_files"] = [ACME_ROOT]
    return issuer


def _noindex() -> dict[str, object]:
    """On every answer, also where an application has set another value."""
    return {"handler": "headers", "response": {"deferred": True, "set": {"X-Robots-Tag": ["noindex"]}}}


def _text(status: int, body: str) -> dict[str, object]:
    headers = {"Content-Type": ["text/plain; charset=utf-8"]}
    return {"handler": "static_response", "status_code": status, "headers": headers, "body": body}
