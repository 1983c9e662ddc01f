"""Manifest + preview + digests of the contexts → Plan."""

from __future__ import annotations

from collections.abc import Mapping

from galley_iac.errors import InputError, Problem
from galley_iac.manifest.command import argv
from galley_iac.manifest.models import Manifest, Service
from galley_iac.plan.checks import check_of
from galley_iac.plan.cluster import refused
from galley_iac.plan.images import Context, Images
from galley_iac.plan.model import ROUTER, Container, Image, Limits, Plan, PulledImage, Route, Router, Volume
from galley_iac.plan.order import start_order
from galley_iac.plan.preview import Preview
from galley_iac.plan.router import caddy_config
from galley_iac.plan.routes import routes_of
from galley_iac.plan.settings import Settings
from galley_iac.plan.values import Value, text
from galley_iac.plan.variables import Variables

PORT = "PORT"
"""The variable by which an application learns which port it is expected on."""


def make_plan(
    manifest: Manifest, preview: Preview, contexts: Mapping[str, Context], settings: Settings
) -> Plan:
    """The plan of one preview.

    ``contexts`` has an entry for every service with a build. Raises InputError with all unresolved references
    and everything else that only shows once the preview is known.
    """
    routes = routes_of(manifest.services, preview)
    variables = Variables(manifest, preview, routes, settings)
    images = Images(manifest, contexts, preview.identity, settings, variables)
    containers = tuple(
        _container(manifest.services[name], preview, settings, variables, images)
        for name in start_order(manifest.services)
    )
    problems = [*variables.problems, *_reserved_names(manifest)]
    if settings.cluster:
        problems += refused(manifest)
    if problems:
        raise InputError(problems)
    router = _router(settings, preview.name, routes)
    return Plan(
        preview, containers, routes, router, settings.router_limits, PulledImage(settings.probe_image)
    )


def _router(settings: Settings, preview: str, routes: tuple[Route, ...]) -> Router | None:
    """None also on a cluster, whose ingress controller routes."""
    if not routes or settings.cluster:
        return None
    config = caddy_config(preview, routes, settings.guard, edge=bool(settings.edge))
    return Router(PulledImage(settings.router_image), config, settings.edge, settings.guard.secrets)


def _container(
    service: Service, preview: Preview, settings: Settings, variables: Variables, images: Images
) -> Container:
    image = _image(service, variables, images)
    reference = image.reference if isinstance(image, PulledImage) else None
    return Container(
        service=service.name,
        kind=service.kind,
        image=image,
        check=check_of(service, reference, settings.protocol_timeout),
        limits=_limits(service, settings),
        restart=service.restart,
        env=_environment(service, variables, images.context(service)),
        command=_command(service, images.context(service)),
        entrypoint=argv(service.entrypoint) if service.entrypoint else None,
        expose=service.expose,
        volume=_volume(service, preview),
        ephemeral=service.ephemeral,
        depends_on=tuple(sorted(service.depends_on)),
    )


def _environment(
    service: Service, variables: Variables, context: Context | None
) -> tuple[tuple[str, Value], ...]:
    """What is built without a Dockerfile is told its port, since its start command says ``$PORT``."""
    base = f"services.{service.name}.env"
    values = {name: variables.value(template, f"{base}.{name}") for name, template in service.env.items()}
    if context and context.generated and service.expose:
        values.setdefault(PORT, text(str(service.expose)))
    return tuple(sorted(values.items()))


def _command(service: Service, context: Context | None) -> tuple[str, ...] | None:
    """The manifest's start command, else the one found in the context, else the image's own."""
    if service.start:
        return argv(service.start)
    return context.command if context else None


def _image(service: Service, variables: Variables, images: Images) -> Image:
    if service.build:
        return images.built(service.name, service.build)
    if service.image is None:
        raise ValueError(f"{service.name} has neither build nor image")
    return PulledImage(variables.image(service.image, f"services.{service.name}.image"))


def _limits(service: Service, settings: Settings) -> Limits:
    wanted = service.resources
    return Limits(wanted.cpus or settings.limits.cpus, wanted.memory or settings.limits.memory)


def _volume(service: Service, preview: Preview) -> Volume | None:
    if service.data is None:
        return None
    return Volume(f"{preview.name}.{service.name}", service.data)


def _reserved_names(manifest: Manifest) -> list[Problem]:
    """The router is a service of every preview with a route: its name cannot be taken twice."""
    if ROUTER not in manifest.services:
        return []
    rule = f"`{ROUTER}` is the name of the preview's own router"
    return [manifest.problem(f"services.{ROUTER}", rule, "give the service another name")]
