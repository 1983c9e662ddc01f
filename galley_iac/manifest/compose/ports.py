"""``ports`` and ``expose`` → the one port that a service listens on, and whether it is published."""

from __future__ import annotations

import re
from dataclasses import dataclass

from galley_iac.manifest import names
from galley_iac.manifest.compose.field import Field, Report
from galley_iac.manifest.nodes import Mapping

_SHORT = re.compile(
    r"(?:(?P<host>\[[^\]]*\]|[0-9]+(?:\.[0-9]+){3}|localhost):)?(?:(?P<published>[0-9]*(?:-[0-9]+)?):)?"
    r"(?P<target>[0-9]{1,5})(?:-(?P<last>[0-9]{1,5}))?(?:/(?P<protocol>[a-zA-Z]+))?"
)
_PORTS = range(1, 65536)
_HTTPS = frozenset({"443", "8443"})


@dataclass(frozen=True)
class Port:
    """One port inside the container; ``at`` is where it is written."""

    target: int
    at: Field
    published: bool
    is_https: bool = False


def ports(service: Field, report: Report) -> list[Port]:
    """The TCP ports, published ones first, each as often as it is written."""
    published = [_published(item, report) for item in report.items(service.get("ports"))]
    exposed = [_short(item, report, published=False) for item in report.items(service.get("expose"))]
    return [port for port in published + exposed if port is not None]


def chosen(found: list[Port], preferred: int | None, report: Report) -> Port | None:
    """The port that the service listens on; the other published ones are noted.

    ``preferred`` is the port known for the image. 443 is taken only when there is no other: a preview's
    router speaks plain HTTP to its services.
    """
    if not found:
        return None
    best = next((port for port in found if port.target == preferred), None)
    plain = [port for port in found if port.published and not port.is_https] or found
    choice = best or plain[0]
    for port in found:
        if port.published and port.target != choice.target:
            rule = f"port {port.target} is not carried over: a service exposes one port"
            report.note(
                port.at, rule, f"{choice.target} is exposed; siblings reach {port.target} all the same"
            )
    return choice


def _published(item: Field, report: Report) -> Port | None:
    if not isinstance(item.node, Mapping):
        return _short(item, report, published=True)
    protocol = report.text(item.get("protocol")) or "tcp"
    target = item.get("target")
    if target is None:
        report.wrong(item, "`target` is missing", "write `target:` with the port inside the container")
        return None
    outside = report.text(item.get("published"))
    port = _port(report.text(target), protocol, target, report)
    return Port(port, target, published=True, is_https=_is_https(outside, port)) if port else None


def _short(item: Field, report: Report, *, published: bool) -> Port | None:
    """``8080:80``, ``127.0.0.1:8080:80/tcp``, ``3000-3005``: of a range the first."""
    text = report.text(item)
    found = _SHORT.fullmatch(text) if text is not None else None
    if found is None:
        if text is not None:
            report.wrong(
                item, f"{names.shown(text)} is no port", 'write `"8080:80"`, or the long form with `target`'
            )
        return None
    if found["last"]:
        rule = f"of the ports {names.shown(text or '')} only the first is carried over"
        report.note(item, rule, f"{found['target']} is exposed: a service exposes one port")
    port = _port(found["target"], found["protocol"] or "tcp", item, report)
    return Port(port, item, published, _is_https(found["published"], port)) if port else None


def _is_https(outside: str | None, inside: int | None) -> bool:
    return outside in _HTTPS or str(inside) in _HTTPS


def _port(text: str | None, protocol: str, at: Field, report: Report) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 5 or int(text) not in _PORTS:
        report.wrong(
            at, f"{names.shown(text)} is not a port from 1 to 65535", "write the port inside the container"
        )
        return None
    if protocol.lower() != "tcp":
        rule = f"port {text} is not carried over: it is {names.shown(protocol)}"
        report.note(at, rule, "only HTTP is routed; siblings reach the port all the same")
        return None
    return int(text)
