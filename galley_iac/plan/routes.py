"""Which service answers under which hosts."""

from __future__ import annotations

from collections.abc import Mapping

from galley_iac.manifest.models import Kind, Service
from galley_iac.plan.model import Route
from galley_iac.plan.preview import Preview


def routes_of(services: Mapping[str, Service], preview: Preview) -> tuple[Route, ...]:
    """A route for each web and api, by name. An only web has the bare host too, and first."""
    webs = [name for name, service in services.items() if service.kind is Kind.WEB]
    return tuple(
        _route(services[name], preview, bare=webs == [name])
        for name in sorted(services)
        if services[name].has_route
    )


def _route(service: Service, preview: Preview, *, bare: bool) -> Route:
    if service.expose is None:
        raise ValueError(f"{service.name} has a route but exposes no port")
    own = preview.service_host(service.name)
    hosts = (preview.host, own) if bare else (own,)
    return Route(service.name, hosts, service.expose, preview.address.url(hosts[0]))
