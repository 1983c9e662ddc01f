"""Rules between the keys of a service, and between services. Field by field is :mod:`fields`' business.

A rule looks at what was written, right or wrong, so that a value which is wrong is not reported missing as
well.
"""

from __future__ import annotations

from collections.abc import Iterator

from galley_iac.errors import Problem
from galley_iac.manifest import graph
from galley_iac.manifest.models import ROUTED
from galley_iac.manifest.nodes import Mapping, PathKey
from galley_iac.manifest.source import Source
from galley_iac.manifest.written import WrittenManifest, WrittenService

MOST_SERVICES = 100

Rule = Iterator[Problem]


def check(source: Source, written: WrittenManifest) -> Rule:
    """Every broken rule, with its place."""
    yield from _top(source)
    for name, service in (written.services or {}).items():
        path = ("services", name)
        yield from _image(source, path, service)
        yield from _start(source, path)
        yield from _port(source, path, service)
        yield from _health(source, path, service)
    yield from _dependencies(source, written)


def service_names(source: Source) -> list[str]:
    """All names under ``services``, of services with mistakes too."""
    services = source.root.get("services") if isinstance(source.root, Mapping) else None
    return list(services.entries) if isinstance(services, Mapping) else []


def _top(source: Source) -> Rule:
    if not isinstance(source.root, Mapping):
        return
    if not source.has("version"):
        yield source.problem((), "`version` is missing", "write `version: 1` at the top")
    if not source.has("services"):
        yield source.problem(
            (), "`services` is missing", "write `services:` with at least one service below it"
        )
    services = source.root.get("services")
    if isinstance(services, Mapping) and not services.entries:
        yield source.problem(
            ("services",), "there is no service", "write at least one service below `services:`"
        )
    if len(service_names(source)) > MOST_SERVICES:
        rule = f"there are more than {MOST_SERVICES} services"
        yield source.problem(
            ("services",), rule, "split the manifest: a preview has a small network of its own"
        )


def _image(source: Source, path: PathKey, service: WrittenService) -> Rule:
    if not source.has(*path, "build") and not source.has(*path, "image"):
        rule = "neither `build` nor `image`"
        yield source.problem(
            path, rule, "write `build: {path: ./}` for a folder of the repository, or `image: name:tag`"
        )
    build = service.build
    if build is None:
        return
    if build.path is None and not source.has(*path, "build", "path"):
        yield source.problem((*path, "build"), "`path` is missing", "write `path: ./`, the folder to build")
    if build.command is not None and (build.dockerfile or build.target):
        rule = "`command` is for builds without a Dockerfile"
        yield source.problem((*path, "build", "command"), rule, "write it as a `RUN` line of the Dockerfile")


def _start(source: Source, path: PathKey) -> Rule:
    if (*path, "start") in source.places and source.has(*path, "build"):
        rule = "`start` is for image services; this one is built"
        yield source.problem((*path, "start"), rule, "write it as `build.start`")


def _port(source: Source, path: PathKey, service: WrittenService) -> Rule:
    if service.kind in ROUTED and not source.has(*path, "expose"):
        rule = f"`expose` is missing, and a service of kind `{service.kind}` has a public route"
        yield source.problem(
            path, rule, "write `expose: 8000` with the port it listens on, or `kind: worker`"
        )


def _health(source: Source, path: PathKey, service: WrittenService) -> Rule:
    if service.health is None:
        return
    if service.health.path is None and not source.has(*path, "health", "path"):
        yield source.problem(
            (*path, "health"), "`path` is missing", "write `path: /healthz`, the path to ask for"
        )
    if not source.has(*path, "expose"):
        rule = "`health` asks the exposed port, and there is no `expose`"
        yield source.problem((*path, "health"), rule, "write `expose: 8000` with the port it listens on")


def _dependencies(source: Source, written: WrittenManifest) -> Rule:
    known = service_names(source)
    if (
        len(known) <= MOST_SERVICES
    ):  # else there is an error already, and the nearest of many names takes long
        depends = {name: service.depends_on or [] for name, service in (written.services or {}).items()}
        yield from graph.check(depends, known, source.problem)
