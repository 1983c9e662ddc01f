"""The plan: frozen, deterministic, printable. Both targets declare exactly what stands here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from galley_iac.manifest.models import Kind, Restart
from galley_iac.plan.preview import Preview
from galley_iac.plan.values import Value

MIB = 1024 * 1024

ROUTER = "router"
"""The ``galley.service`` label of the router; no service may be called so when there is a route."""


@dataclass(frozen=True)
class Generated:
    """A Dockerfile that the repository does not have, and the .dockerignore that goes with it, as texts."""

    dockerfile: str
    dockerignore: str


@dataclass(frozen=True)
class BuiltImage:
    """An image built from the repository. ``tag`` follows from the content, so the same content is the same
    image.
    """

    name: str
    """The first service that uses it: what people know it by."""
    tag: str
    context: str
    """Folder of the build context, relative to the repository's root."""
    dockerfile: str
    """Relative to the context."""
    target: str | None = None
    args: tuple[tuple[str, str], ...] = ()
    generated: Generated | None = None
    """None where the repository has its own Dockerfile."""
    secrets: tuple[str, ...] = ()
    """Names of the secrets that its steps may mount; never a value."""
    apart: str = ""
    """Set where this build may share neither image nor cache with another: see :mod:`images`."""


@dataclass(frozen=True)
class PulledImage:
    """An image that a registry (or the engine already) has."""

    reference: str


Image = BuiltImage | PulledImage


@dataclass(frozen=True)
class HttpCheck:
    """Ready when a request is answered with exactly this status."""

    port: int
    path: str
    status: int
    timeout: float


@dataclass(frozen=True)
class ProtocolCheck:
    """Ready when the service answers in its own protocol, over TCP from within the preview's network."""

    protocol: str
    port: int
    timeout: float


@dataclass(frozen=True)
class ExitCheck:
    """A one-shot job: ready when it has exited with 0."""


@dataclass(frozen=True)
class RunningCheck:
    """Nothing to ask: ready when it runs."""


Check = HttpCheck | ProtocolCheck | ExitCheck | RunningCheck


@dataclass(frozen=True)
class Volume:
    """Where a service keeps its data; for how long is the container's ``ephemeral`` to say."""

    name: str
    path: str


@dataclass(frozen=True)
class Limits:
    """Of one container. ``memory`` is in bytes."""

    cpus: float
    memory: int


ROUTER_LIMITS = Limits(cpus=0.5, memory=128 * MIB)
PROBE_IMAGE = "python:3.12-alpine"


@dataclass(frozen=True)
class Container:
    """One service's container. ``ephemeral``: its data is thrown away on every deploy, else kept with the
    preview.
    """

    service: str
    kind: Kind
    image: Image
    check: Check
    limits: Limits
    restart: Restart
    env: tuple[tuple[str, Value], ...] = ()
    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    expose: int | None = None
    volume: Volume | None = None
    ephemeral: bool = False
    depends_on: tuple[str, ...] = ()

    @property
    def is_job(self) -> bool:
        """Whether it runs to its end once instead of staying."""
        return isinstance(self.check, ExitCheck)

    @property
    def is_probed(self) -> bool:
        """Whether its check asks it something."""
        return isinstance(self.check, HttpCheck | ProtocolCheck)


@dataclass(frozen=True)
class Route:
    """From public hosts to a service. The first host is the one to show."""

    service: str
    hosts: tuple[str, ...]
    port: int
    url: Value


@dataclass(frozen=True)
class Router:
    """The preview's own router: its image and its whole configuration, in Caddy's JSON."""

    image: PulledImage
    config: str
    edge: str = field(default="", repr=False)
    """The edge that it answers behind; empty where there is none."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Names of the secrets that its configuration reads."""


@dataclass(frozen=True)
class Plan:
    """What one preview consists of. ``containers`` are in start order: each after those it depends on."""

    preview: Preview
    containers: tuple[Container, ...]
    routes: tuple[Route, ...] = ()
    router: Router | None = None
    router_limits: Limits = ROUTER_LIMITS
    probe_image: PulledImage = PulledImage(PROBE_IMAGE)

    @property
    def name(self) -> str:
        """The preview's name."""
        return self.preview.name

    @property
    def built_images(self) -> tuple[BuiltImage, ...]:
        """Each distinct build once, in the order of first use."""
        images = (c.image for c in self.containers if isinstance(c.image, BuiltImage))
        return tuple(dict.fromkeys(images))

    @property
    def images(self) -> tuple[Image, ...]:
        """Every distinct image of the preview, its router's and its probes' among them."""
        found: list[Image] = [container.image for container in self.containers]
        if self.router:
            found.append(self.router.image)
        if self.probed:
            found.append(self.probe_image)
        return tuple(dict.fromkeys(found))

    @property
    def probed(self) -> bool:
        """Whether any service has a check that asks it something."""
        return any(container.is_probed for container in self.containers)

    @property
    def labels(self) -> Mapping[str, str]:
        """What every object of the preview carries; static, since a changed label replaces the object."""
        return {
            "galley.project": self.preview.identity.project,
            "galley.preview": self.name,
            "galley.identity": self.preview.identity.digest(),
        }

    def container(self, service: str) -> Container:
        """The container of a service; KeyError when there is none."""
        for container in self.containers:
            if container.service == service:
                return container
        raise KeyError(service)
