"""What was written (and is right) → what is meant: kinds inferred, defaults filled in, short forms gone."""

from __future__ import annotations

from galley_iac.errors import Problem
from galley_iac.manifest import template
from galley_iac.manifest.known_images import KnownImage, known
from galley_iac.manifest.models import STATEFUL, Build, Health, Kind, Manifest, Resources, Restart, Service
from galley_iac.manifest.nodes import dotted
from galley_iac.manifest.source import Source
from galley_iac.manifest.template import Template
from galley_iac.manifest.written import (
    WrittenBuild,
    WrittenHealth,
    WrittenManifest,
    WrittenResources,
    WrittenService,
)


def manifest(source: Source, written: WrittenManifest, notices: list[Problem]) -> Manifest:
    """The manifest; adds a notice for everything that was assumed or has no effect."""
    services = {
        name: _service(source, name, service, notices) for name, service in (written.services or {}).items()
    }
    places = {dotted(path): (mark.line, mark.column) for path, mark in source.places.items()}
    return Manifest(file=source.file, services=services, places=places)


def known_image(image: Template | None) -> KnownImage | None:
    """What is known of an image whose name may have variables in it; their defaults are taken for them."""
    if image is None:
        return None
    parts, _ = template.resolve(image, _unset)
    return known("".join(part for part in parts if isinstance(part, str)))


def data_folder(kind: Kind, image: Template | None) -> str | None:
    """The folder to keep, of a service that has data and an image whose folder is known."""
    found = known_image(image)
    return found.data if found and kind in STATEFUL else None


def _unset(_name: str) -> None:
    """No variable is known while a manifest is read."""


def _service(source: Source, name: str, written: WrittenService, notices: list[Problem]) -> Service:
    kind = written.kind or _inferred_kind(source, name, written, notices)
    if written.ephemeral and kind not in STATEFUL:
        rule = f"`ephemeral` has no effect: a service of kind `{kind}` keeps no data"
        notices.append(source.problem(("services", name, "ephemeral"), rule, "remove it"))
    image = None if written.build else written.image
    return Service(
        name=name,
        kind=kind,
        build=_build(written.build) if written.build else None,
        image=image,
        start=written.build.start if written.build else written.start,
        expose=written.expose,
        env=written.env or {},
        depends_on=tuple(written.depends_on or ()),
        restart=written.restart or Restart.UNLESS_STOPPED,
        ephemeral=bool(written.ephemeral) and kind in STATEFUL,
        data=data_folder(kind, image),
        health=_health(written.health) if written.health else None,
        resources=_resources(written.resources),
    )


def _inferred_kind(source: Source, name: str, written: WrittenService, notices: list[Problem]) -> Kind:
    kind, reason = _guess(written)
    rule = f"no `kind`: taken as `{kind}`, {reason}"
    notices.append(
        source.problem(("services", name), rule, f"write `kind: {kind}`, or the kind that is meant")
    )
    return kind


def _guess(written: WrittenService) -> tuple[Kind, str]:
    if written.build:
        if written.expose:
            return Kind.WEB, "since it is built and exposes a port"
        return Kind.WORKER, "since it is built and exposes no port"
    found = known_image(written.image)
    return (
        (found.kind, "by the image's name") if found else (Kind.OTHER, "since the image's name is not known")
    )


def _build(written: WrittenBuild) -> Build:
    return Build(
        path=written.path or ".",
        dockerfile=written.dockerfile,
        target=written.target,
        args=written.args or {},
        command=written.command,
        secrets=tuple(written.secrets or ()),
    )


def _health(written: WrittenHealth) -> Health:
    health = Health(path=written.path or "/")
    given = {"status": written.status, "timeout": written.timeout}
    return health.model_copy(update={key: value for key, value in given.items() if value is not None})


def _resources(written: WrittenResources | None) -> Resources:
    return Resources(cpus=written.cpus, memory=written.memory) if written else Resources()
