"""An application as the benchmark knows it, before it is written in any contender's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

SETTING = "BENCH_SETTING"
"""The variable that the case of a changed environment changes."""


@dataclass(frozen=True)
class Service:
    """One service: built from the folder ``build`` of the application, or ``image`` as it is.

    ``test`` is the health check in the service's own container, for who has no other way; ``path`` is asked
    over HTTP by who can. A ``job`` runs once, to its end.
    """

    name: str
    kind: str
    build: str = ""
    image: str = ""
    command: str = ""
    port: int | None = None
    path: str = ""
    test: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    job: bool = False


@dataclass(frozen=True)
class Bulk:
    """Files without meaning that make a build context large. ``size`` is of all of them, in bytes."""

    folder: str
    files: int
    size: int


@dataclass(frozen=True)
class Application:
    """``source`` and ``dependencies`` are the files that a change touches, ``changed`` the service whose
    environment a change sets. ``template`` is a folder to start from, ``files`` are written besides.
    """

    name: str
    services: tuple[Service, ...]
    source: str
    dependencies: str
    changed: str
    files: Mapping[str, str] = field(default_factory=dict)
    template: Path | None = None
    bulk: Bulk | None = None

    @property
    def contexts(self) -> tuple[str, ...]:
        """Each distinct build context, in the order of first use."""
        return tuple(dict.fromkeys(service.build for service in self.services if service.build))

    @property
    def jobs(self) -> frozenset[str]:
        """The names of what ends by itself."""
        return frozenset(service.name for service in self.services if service.job)

    def with_setting(self, value: str) -> Application:
        """The same application with another environment in one service."""
        services = [
            replace(service, env={**service.env, SETTING: value}) if service.name == self.changed else service
            for service in self.services
        ]
        return replace(self, services=tuple(services))
