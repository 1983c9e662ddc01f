"""What a manifest says, normalised: the one type that everything after ``manifest/`` reads.

What may be written, and how it is described to users, is in :mod:`galley_iac.manifest.written`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from galley_iac.errors import Problem
from galley_iac.manifest.names import one_line
from galley_iac.manifest.template import Template


class Kind(StrEnum):
    """What a service is for. Only ``web`` and ``api`` can be reached from outside."""

    WEB = "web"
    API = "api"
    WORKER = "worker"
    DATABASE = "database"
    CACHE = "cache"
    QUEUE = "queue"
    OTHER = "other"


ROUTED = frozenset({Kind.WEB, Kind.API})
STATEFUL = frozenset({Kind.DATABASE, Kind.CACHE, Kind.QUEUE, Kind.OTHER})


class Restart(StrEnum):
    """When a container that ended is started again."""

    ALWAYS = "always"
    UNLESS_STOPPED = "unless-stopped"
    ON_FAILURE = "on-failure"
    NEVER = "never"


class Frozen(BaseModel):
    """A value: compared by content, never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Build(Frozen):
    """How a service's image is made from the repository."""

    path: str = Field(description="Context folder, relative to the manifest, inside the repository.")
    dockerfile: str | None = Field(
        default=None, description="Dockerfile, relative to the context; absent: ./Dockerfile."
    )
    target: str | None = Field(default=None, description="Stage of the Dockerfile to build.")
    args: Mapping[str, Template] = Field(default_factory=dict, description="Build arguments; interpolated.")
    command: str | None = Field(default=None, description="Build command of a build without a Dockerfile.")
    secrets: tuple[str, ...] = Field(
        default=(), description="Secrets that steps of the Dockerfile may mount, by name."
    )


class Health(Frozen):
    """The HTTP request that must be answered before the service counts as ready."""

    path: str = Field(description="Path of the request, beginning with a slash.")
    status: int = Field(default=200, description="The status that must be answered, exactly.")
    timeout: float = Field(
        default=30.0, description="Seconds allowed from the start until the first right answer."
    )


class Resources(Frozen):
    """Limits of one container."""

    cpus: float | None = Field(
        default=None, description="Number of CPUs, such as 0.5; absent: the project's default."
    )
    memory: int | None = Field(default=None, description="Memory in bytes; absent: the project's default.")


class Service(Frozen):
    """One service. Exactly one of ``build`` and ``image`` is set."""

    name: str
    kind: Kind
    build: Build | None = None
    image: Template | None = None
    start: str | None = Field(
        default=None, description="Start command (build.start or start): replaces the image's CMD."
    )
    entrypoint: str | None = Field(
        default=None, description="Compose's entrypoint, as one command line; galley.yaml: none."
    )
    expose: int | None = None
    env: Mapping[str, Template] = Field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    restart: Restart = Restart.UNLESS_STOPPED
    ephemeral: bool = False
    data: str | None = Field(
        default=None, description="Folder whose content is kept in a volume; None: nothing is kept."
    )
    health: Health | None = None
    resources: Resources = Resources()

    @property
    def is_job(self) -> bool:
        """A one-shot job: ``kind: worker`` with ``restart: never``."""
        return self.kind is Kind.WORKER and self.restart is Restart.NEVER

    @property
    def has_route(self) -> bool:
        """Whether the preview's router leads to it."""
        return self.kind in ROUTED


class Manifest(Frozen):
    """A whole manifest and the places of its parts, so that every later stage can name file and line."""

    file: str
    services: Mapping[str, Service]
    places: Mapping[str, tuple[int, int]] = Field(default_factory=dict, repr=False)
    spelled: Mapping[str, str] = Field(default_factory=dict, repr=False)
    """How a path is written in the file, where that is another (``environment`` in a compose file)."""

    def problem(self, path: str, rule: str, remedy: str) -> Problem:
        """A problem at ``path`` (dotted), placed at the nearest known ancestor's line and column."""
        line, column = self._place(path)
        spelled = self.spelled.get(path, path)
        return Problem(self.file, line, column, spelled, one_line(rule), one_line(remedy))

    def _place(self, path: str) -> tuple[int, int]:
        while path not in self.places and "." in path:
            path = path.rpartition(".")[0]
        return self.places.get(path, (0, 0))
