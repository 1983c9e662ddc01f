"""Where the dashboard's data comes from: one small protocol, so that a test can put previews of its own
behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from galley_iac.dashboard.model import Drift, History, Line, Log, Preview, Variable

Unsubscribe = Callable[[], None]


@dataclass(frozen=True)
class Wanted:
    """Which lines of a preview's logs: ``sources`` is empty for all services, ``since`` a stamp to begin
    after.

    ``tail`` is how many lines of each at most, counted from the end.
    """

    preview: str
    sources: tuple[str, ...] = ()
    tail: int = 2000
    since: str = ""


class Feed(Protocol):
    """A log being read: batches of lines, each in the order of time; it goes on until it is closed."""

    def __iter__(self) -> Iterator[Sequence[Line]]:
        """What there is already, then what is written; an empty batch now and then, when nothing is."""

    def close(self) -> None:
        """Ends the iteration, from any thread."""


class Terminal(Protocol):
    """A shell in a container. Every method may be called from any thread."""

    def read(self) -> str | None:
        """What it wrote, nothing when that is nothing for a moment; None when it has ended."""

    def write(self, text: str) -> None:
        """What somebody types. Raises OSError when it has ended."""

    def resize(self, columns: int, rows: int) -> None:
        """How large it is shown."""

    def close(self) -> None:
        """Ends it, with everything that was started in it."""


class Source(Protocol):
    """Every method may be called from any thread; none but ``restart`` changes anything."""

    @property
    def problem(self) -> str:
        """Why the data may be out of date; empty when it is not."""

    def previews(self) -> Sequence[Preview]:
        """All previews, by name. From memory: it costs nothing."""

    def preview(self, name: str) -> Preview | None:
        """One of them."""

    def history(self, name: str) -> History:
        """The updates of one preview, read when asked for."""

    def drift(self, name: str) -> Drift | None:
        """What a comparison found since the last update; None when nobody has asked for one."""

    def compare(self, name: str) -> Drift:
        """Compares one preview with what was declared. Raises GalleyError when it cannot be done."""

    def restart(self, name: str, service: str) -> None:
        """Stops a service and starts it again. Raises GalleyError when it cannot be done."""

    def open_shell(self, name: str, service: str) -> Terminal:
        """A shell in a service's container. Raises GalleyError when it cannot be opened."""

    def thumbnail(self, preview: str, service: str) -> Path | None:
        """The file with a picture of a service's page."""

    def environment(self, name: str) -> Mapping[str, Sequence[Variable]]:
        """Service → its environment, secrets masked."""

    def logs(self, name: str) -> Sequence[Log]:
        """The logs that one preview has."""

    def read(self, wanted: Wanted) -> Sequence[Line]:
        """What there is of the logs now, in the order of time."""

    def follow(self, wanted: Wanted) -> Feed:
        """The same, and then every line as it is written, until the feed is closed."""

    def subscribe(self, changed: Callable[[], None]) -> Unsubscribe:
        """Calls ``changed`` from some thread whenever a preview may be different."""
