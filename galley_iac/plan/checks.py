"""When a service counts as ready (docs/manifest.md, ``depends_on``)."""

from __future__ import annotations

from galley_iac.manifest.known_images import known
from galley_iac.manifest.models import Kind, Service
from galley_iac.plan.model import Check, ExitCheck, HttpCheck, ProtocolCheck, RunningCheck

_ANSWERS_ITS_PROTOCOL = frozenset({Kind.DATABASE, Kind.CACHE, Kind.QUEUE})


def check_of(service: Service, image: str | None, protocol_timeout: float) -> Check:
    """The check of a service; ``image`` is the resolved reference of a pulled one.

    An image whose protocol is not known is asked for a TCP connection on its exposed port.
    """
    if service.is_job:
        return ExitCheck()
    if service.health and service.expose:
        return HttpCheck(service.expose, service.health.path, service.health.status, service.health.timeout)
    if service.kind in _ANSWERS_ITS_PROTOCOL:
        return _protocol_check(service, image, protocol_timeout)
    return RunningCheck()


def _protocol_check(service: Service, image: str | None, timeout: float) -> Check:
    entry = known(image) if image else None
    port = service.expose or (entry.port if entry else None)
    if port is None:
        return RunningCheck()
    protocol = (entry.protocol if entry else None) or "tcp"
    return ProtocolCheck(protocol, port, timeout)


def probe_arguments(service: str, check: HttpCheck | ProtocolCheck, timeout: float) -> list[str]:
    """How the probe's script is called to ask a service for at most ``timeout`` seconds."""
    if isinstance(check, HttpCheck):
        return ["http", service, str(check.port), f"{timeout:g}", check.path, str(check.status)]
    return [check.protocol, service, str(check.port), f"{timeout:g}"]
