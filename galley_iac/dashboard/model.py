"""What the dashboard shows, as data. Moments are seconds since the epoch, sizes bytes, durations seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from galley_iac.automation.drift import Difference


@dataclass(frozen=True)
class Usage:
    """What a service uses now: ``cpus`` is None until it has been measured twice, ``limit`` 0 for none."""

    cpus: float | None
    memory: int
    limit: int = 0


def total(found: Iterable[Usage | None]) -> Usage | None:
    """What several use together; None where nothing is measured yet. No limit where one of them has none."""
    measured = [usage for usage in found if usage]
    if not measured:
        return None
    cpus = [usage.cpus for usage in measured if usage.cpus is not None]
    limit = sum(usage.limit for usage in measured) if all(usage.limit for usage in measured) else 0
    return Usage(sum(cpus) if cpus else None, sum(usage.memory for usage in measured), limit)


@dataclass(frozen=True)
class Crash:
    """One time that a service ended and should not have; ``container`` is the id of the one that did.

    ``lines`` is the end of what it wrote until then, secrets masked.
    """

    when: float
    exit_code: int
    reason: str
    container: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Service:
    """One service. ``state`` is one of ``engine/status.py``'s words; ``role`` is service, job or router."""

    name: str
    kind: str
    role: str
    state: str
    reason: str = ""
    exit_code: int | None = None
    restarts: int = 0
    since: float | None = None
    """Since when it is in this state, as far as the engine knows."""
    image: str = ""
    built_from: str = ""
    url: str = ""
    after: tuple[str, ...] = ()
    """The services that it waits for when the preview comes up."""
    usage: Usage | None = None
    crash: Crash | None = None
    """The last one, also where it runs again since."""
    last_lines: tuple[str, ...] = ()
    """The end of its log, only where it is not as it should be."""
    thumbnail: float | None = None
    """When a picture of its page was taken; None where there is none."""


@dataclass(frozen=True)
class Activity:
    """What is being done to a preview at this moment: ``verb`` is up, down or refresh."""

    verb: str
    since: float | None = None


@dataclass(frozen=True)
class Preview:
    """One preview. ``state`` is one of :data:`galley_iac.dashboard.states.PREVIEW_STATES`."""

    name: str
    project: str
    state: str
    branch: str = ""
    pull_request: int | None = None
    commit: str = ""
    author: str = ""
    target: str = "docker"
    lacks: tuple[str, ...] = ()
    """Actions that its target does not have."""
    measured: bool = True
    """Whether its target can say what it uses."""
    created: float | None = None
    updated: float | None = None
    expires: float | None = None
    ttl: float | None = None
    pinned: bool = False
    note: str = ""
    """What has to be said beside the state, such as that the last update failed."""
    activity: Activity | None = None
    urls: Mapping[str, str] = field(default_factory=dict)
    """Service → URL, one per route."""
    usage: Usage | None = None
    """Of all its containers together."""
    services: tuple[Service, ...] = ()
    router: Service | None = None

    def service(self, name: str) -> Service | None:
        """The service, or the router, of that name."""
        every = (*self.services, *([self.router] if self.router else []))
        return next((service for service in every if service.name == name), None)


@dataclass(frozen=True)
class Update:
    """One update as Pulumi's history has it. ``changes`` counts operations: create, update, replace, ..."""

    kind: str
    started: float
    ended: float
    result: str
    changes: Mapping[str, int] = field(default_factory=dict)
    message: str = ""


@dataclass(frozen=True)
class Step:
    """One thing that the last update made or changed: its place in the picture of where the time went.

    ``start`` is when the last of what it waited for had ended: the update works on everything that it can.
    """

    name: str
    what: str
    start: float
    end: float


@dataclass(frozen=True)
class Change:
    """What the last update did to a service: kept, new, replaced, updated or removed; ``why`` the inputs."""

    service: str
    what: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """A preview's updates, the newest first, and what the last of them did."""

    updates: tuple[Update, ...] = ()
    steps: tuple[Step, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Drift:
    """What a preview is other than it was declared, as it was ``checked``; empty where it is not."""

    checked: float
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Variable:
    """One entry of a service's environment; ``value`` is the mask where ``masked``."""

    name: str
    value: str
    masked: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a log. ``stamp`` is the engine's own time for it, RFC 3339 in UTC with nanoseconds.

    ``source`` is the service, or ``build:<image>``; ``event`` marks a line of ours, such as where a container
    ended.
    """

    stamp: str
    source: str
    text: str
    event: bool = False


@dataclass(frozen=True)
class Log:
    """One log that can be asked for: ``of`` is a service or ``build:<image>``."""

    of: str
    title: str
    live: bool = True
