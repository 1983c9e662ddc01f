"""Where previews live: a Docker engine or a cluster. What differs between them is behind :class:`Place`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from galley_iac.automation.records import Record
from galley_iac.dashboard.live.crashes import End
from galley_iac.dashboard.live.following import Stream
from galley_iac.dashboard.live.lines import Mask
from galley_iac.dashboard.live.stacks import Stack
from galley_iac.dashboard.model import Crash, Line, Service, Usage, Variable
from galley_iac.dashboard.source import Terminal
from galley_iac.engine.status import HEALTHY, PreviewStatus

RECENT = 30.0
"""Seconds for which a service that crashed and runs again is still shown as restarting."""

_WEB = ("http://", "https://")

ReadLast = Callable[[Mask, int], list[Line]]
"""The last lines, masked, of a container that crashed: how many at most."""

OnCrash = Callable[[End, ReadLast], None]


@dataclass(frozen=True)
class About:
    """What is known of a preview beside what lives of it; ``now`` in seconds since the epoch."""

    now: float
    stack: Stack = field(default_factory=Stack)
    record: Record | None = None
    crashes: Mapping[str, Crash] = field(default_factory=dict)
    """By service."""


def _no_lines(_identifier: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class Measured:
    """By container or pod: what it uses, and the last lines of one that is not as it should be."""

    usage: Mapping[str, Usage] = field(default_factory=dict)
    lines: Callable[[str], tuple[str, ...]] = _no_lines


@dataclass(frozen=True)
class Seen:
    """What lives of a preview, in the dashboard's words. ``status`` is without what our records add."""

    status: PreviewStatus
    services: tuple[Service, ...] = ()
    router: Service | None = None


@dataclass(frozen=True)
class Run:
    """One run of a container, whose log can be read. ``container`` is its id, ``role`` as its label says.

    ``read`` gives at most so many last lines after a stamp; ``follow`` is None where nothing is written any
    more. ``key`` changes where it has to be followed anew.
    """

    key: str
    container: str
    service: str
    role: str
    read: Callable[[Mask, int, str], list[Line]]
    follow: Callable[[Mask], Stream] | None = None


class Place(Protocol):
    """Every method may be called from any thread."""

    target: str
    """Docker or Kubernetes, as the command's ``--target`` says it."""

    lacks: frozenset[str]
    """Actions that there are not."""

    @property
    def measured(self) -> bool:
        """Whether it can say what containers use."""

    @property
    def problem(self) -> str:
        """Why what is known may be out of date; empty when it is not."""

    def start(self) -> None:
        """Begins to look."""

    def stop(self) -> None:
        """Ends all threads."""

    def names(self) -> Collection[str]:
        """The previews of which anything lives."""

    def look(self) -> None:
        """Somebody looks: what containers use is worth measuring."""

    def seen(self, name: str, about: About) -> Seen:
        """What lives of one preview; nothing where there is none."""

    def forget(self, name: str) -> None:
        """The preview is gone."""

    def environment(self, name: str, mask: Mask) -> Mapping[str, Sequence[Variable]]:
        """Service → what it was given, secrets masked."""

    def runs(self, name: str) -> Sequence[Run]:
        """Whose logs there are."""

    def restart(self, name: str, service: str) -> None:
        """Stops a service and starts it again. Raises PreviewError when it cannot be done."""

    def open_shell(self, name: str, service: str) -> Terminal:
        """A shell in a service's container. Raises PreviewError when it cannot be opened."""


def restarted(state: str, reason: str, crash: Crash | None, container: str, now: float) -> tuple[str, str]:
    """A state and its reason, where the container of that id has crashed a moment ago and runs again."""
    recent = crash is not None and crash.container == container and now - crash.when < RECENT
    if crash is not None and recent and state in HEALTHY and state != "done":
        return "restarting", f"{crash.reason}; it has been started again"
    return state, reason


def link(url: str) -> str:
    """An address as a link, none where it is not the web's: it comes from a label."""
    return url if url.startswith(_WEB) else ""
