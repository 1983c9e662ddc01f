"""One service of a compose file → the same Service that a galley.yaml gives."""

from __future__ import annotations

from dataclasses import dataclass

from galley_iac.manifest import names
from galley_iac.manifest.compose import environment, health, images, kinds, ports, resources, volumes
from galley_iac.manifest.compose.depends import Waits, names_of
from galley_iac.manifest.compose.field import Field, Report
from galley_iac.manifest.compose.files import Files
from galley_iac.manifest.compose.health import Check
from galley_iac.manifest.compose.keys import SERVICE
from galley_iac.manifest.compose.kinds import Evidence
from galley_iac.manifest.compose.ports import Port
from galley_iac.manifest.known_images import KnownImage
from galley_iac.manifest.models import ROUTED, Build, Health, Kind, Restart, Service
from galley_iac.manifest.nodes import Mapping
from galley_iac.manifest.normalise import known_image
from galley_iac.manifest.template import Template


@dataclass(frozen=True)
class Project:
    """What one service has to know of the others."""

    files: Files
    waits: Waits
    all_names: set[str]
    active: set[str]
    built: dict[Template, Build]
    """Builds by the name that their image is given: who names only the image shares the build."""


def read(at: Field, project: Project) -> Service:
    """The service; what is wrong with it or not carried over is reported."""
    report = project.files.report
    _check(at, report)
    build, image = _build_and_image(at, project)
    known = known_image(image)
    found = ports.ports(at, report)
    restart = resources.restart(at, report)
    evidence = _evidence(at.name, build, known, found, restart, project)
    kind = kinds.kind(evidence)
    port, check = _exposure(at, kind, known, found, project)
    return Service(
        name=at.name,
        kind=kind,
        build=build,
        image=image,
        start=images.command_line(at, "command", report),
        entrypoint=images.command_line(at, "entrypoint", report),
        expose=port,
        env=environment.env(at, project.files),
        depends_on=names_of(at, project.all_names, project.active, report),
        restart=_restart(at, restart, kinds.is_job(evidence), evidence, report),
        data=volumes.data(at, kind, known.data if known else None, report),
        health=check,
        resources=resources.resources(at, report),
    )


def _check(at: Field, report: Report) -> None:
    """The keys, the name, and what there is only one of in a preview."""
    report.place(at.path, at)
    report.check_keys(at, SERVICE)
    _check_name(at, report)
    resources.check_replicas(at, report)
    _note_networks(at, report)


def _build_and_image(at: Field, project: Project) -> tuple[Build | None, Template | None]:
    """The build, or else the image. An image that another service builds is that build."""
    report = project.files.report
    image = images.image(at, report)
    build = images.build(at, report) or (project.built.get(image) if image else None)
    if at.get("build") is None and at.get("image") is None:
        report.wrong(at, "neither `build` nor `image`", "write `build: .` or `image: name:tag`")
    return build, None if build else image


def _exposure(
    at: Field, kind: Kind, known: KnownImage | None, found: list[Port], project: Project
) -> tuple[int | None, Health | None]:
    """The port and the check of it."""
    report = project.files.report
    check = health.check(at, known, report)
    port = ports.chosen(found, known.port if known else None, report)
    _check_awaited_health(at, check, known, project)
    _note_unrouted(port, kind, report)
    exposed = _exposed(at, port, check, report)
    return exposed, check.health if check and check.port == exposed else None


def _check_name(at: Field, report: Report) -> None:
    if not names.SERVICE.fullmatch(at.name):
        rule = (
            "is no service name here: lower-case letters, digits, `-`, a letter first, at most 40 characters"
        )
        report.wrong(at.key(), rule, "rename it, also where it is used as a host name")


def _evidence(
    name: str,
    build: Build | None,
    known: KnownImage | None,
    found: list[Port],
    restart: Restart | None,
    project: Project,
) -> Evidence:
    return Evidence(
        name=name,
        is_built=build is not None,
        image=known,
        has_port=bool(found),
        is_published=any(port.published for port in found),
        is_awaited_to_end=name in project.waits.ended,
        is_awaited_to_run=name in project.waits.running,
        explicit_never=restart is Restart.NEVER,
    )


def _exposed(at: Field, port: Port | None, check: Check | None, report: Report) -> int | None:
    """The port; that of the healthcheck where no other is written. A check of another port is noted."""
    if port is not None:
        report.place((*at.path, "expose"), port.at)
    if check is None:
        return port.target if port else None
    report.place((*at.path, "health"), check.at)
    if port is not None and port.target != check.port:
        rule = f"the healthcheck asks port {check.port}, and {port.target} is the one exposed"
        report.note(check.at, rule, "it is not carried over: the service is ready when it is running")
        return port.target
    return check.port


def _check_awaited_health(at: Field, check: Check | None, known: KnownImage | None, project: Project) -> None:
    """``service_healthy`` of a service that nothing can be asked of."""
    waiting = project.waits.healthy.get(at.name)
    if waiting is not None and check is None and not (known and known.protocol):
        rule = f"`{at.name}` has no check that is carried over"
        project.files.report.note(waiting, rule, "the service starts when it is running")


def _note_unrouted(port: Port | None, kind: Kind, report: Report) -> None:
    if port is not None and port.published and kind not in ROUTED:
        rule = f"port {port.target} is not published: a service of kind `{kind}` has no route"
        report.note(port.at, rule, "siblings reach it; from this machine: `galley port-forward`")


def _note_networks(at: Field, report: Report) -> None:
    """Names and addresses in a network of its own; which networks there are is said at the top of the
    file.
    """
    networks = at.get("networks")
    for network in networks.children() if networks else ():
        for key in report.mapping(network) if isinstance(network.node, Mapping) else ():
            rule = f"`{key.name}` in a network is not carried over"
            report.note(key.key(), rule, "services find each other by their service names alone")


def _restart(at: Field, said: Restart | None, job: bool, evidence: Evidence, report: Report) -> Restart:
    """Without a word in the file a service is kept running; a job never is."""
    if not job:
        return said or Restart.UNLESS_STOPPED
    if not evidence.is_awaited_to_end:
        rule = "taken as a one-shot job, since it is never restarted and exposes no port"
        report.note(at, rule, "`up` waits for its end; write `restart: unless-stopped` if it keeps running")
    elif said not in {None, Restart.NEVER}:
        rule = f"`restart: {said}` is not carried over: another service waits for its end"
        report.note(at.get("restart") or at, rule, "it is run once")
    return Restart.NEVER
