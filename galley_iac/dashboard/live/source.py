"""The dashboard's data from where previews live and from Pulumi's state: puts the parts of this folder
together.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from galley_iac.automation import backend
from galley_iac.automation.records import Record
from galley_iac.dashboard.live import thumbnails
from galley_iac.dashboard.live.assemble import Known, preview
from galley_iac.dashboard.live.cluster.place import Cluster
from galley_iac.dashboard.live.comparing import Comparing
from galley_iac.dashboard.live.crashes import Crashes, End
from galley_iac.dashboard.live.engine.place import Engine
from galley_iac.dashboard.live.following import Following
from galley_iac.dashboard.live.place import About, ReadLast
from galley_iac.dashboard.live.places import Places
from galley_iac.dashboard.live.polling import Polling
from galley_iac.dashboard.live.reading import Reading
from galley_iac.dashboard.live.secrets import Maskers
from galley_iac.dashboard.live.shared import SharedUpdates
from galley_iac.dashboard.live.stacks import Stacks
from galley_iac.dashboard.live.thumbnails import Thumbnails
from galley_iac.dashboard.live.updates import Updates
from galley_iac.dashboard.model import Drift, History, Line, Log, Preview, Variable
from galley_iac.dashboard.source import Terminal, Unsubscribe, Wanted

_CRASH_LINES = 2000
"""Lines of a crashed container that are kept."""

_SHOWN_LINES = 20


class LiveSource:
    """Everything of one engine, and of the clusters that its previews are on. Use as a context manager: its
    threads end with it.
    """

    def __init__(self, host: str, browser: Path | None = None) -> None:
        """Raises MachineError when the engine is silent."""
        local = backend.local_state()
        self._stacks = Stacks(local)
        self._updates = Updates(local) if local else SharedUpdates(self._updated)
        self._crashes, self._maskers = Crashes(), Maskers()
        self._thumbnails = Thumbnails(browser, self.notify)
        self._listeners: list[Callable[[], None]] = []
        self._feeds: dict[str, set[Following]] = {}
        self._polling = Polling(local, self._recorded)
        engine = Engine(host, self._maskers, self._record, self._observed, self._crashed)
        self._places = Places(engine, local, self._reach)
        self._comparing = Comparing(engine.client, self._maskers)
        self._reading = Reading(lambda name: self._places.of(name).runs(name), self._crashes, self._maskers)

    def __enter__(self) -> LiveSource:
        """Raises MachineError when the engine is silent."""
        self._thumbnails.start()
        self._places.start()
        self._polling.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._polling.stop()
        for feed in [feed for feeds in list(self._feeds.values()) for feed in list(feeds)]:
            feed.close()
        self._places.stop()
        self._thumbnails.stop()

    @property
    def problem(self) -> str:
        """As the protocol says."""
        return next((place.problem for place in self._places.every() if place.problem), "")

    def previews(self) -> Sequence[Preview]:
        """As the protocol says."""
        self._look()
        return [self._preview(name) for name in sorted({*self._places.names(), *self._polling.records})]

    def preview(self, name: str) -> Preview | None:
        """As the protocol says."""
        self._look()
        return self._preview(name) if self._is_known(name) else None

    def history(self, name: str) -> History:
        """As the protocol says."""
        return self._updates.history(name) if self._is_known(name) else History()

    def drift(self, name: str) -> Drift | None:
        """As the protocol says."""
        last = self._updates.last(name)
        return self._comparing.last(name, last.ended if last else None)

    def compare(self, name: str) -> Drift:
        """As the protocol says."""
        return self._comparing.compare(name)

    def restart(self, name: str, service: str) -> None:
        """As the protocol says."""
        self._places.of(name).restart(name, service)

    def open_shell(self, name: str, service: str) -> Terminal:
        """As the protocol says."""
        return self._places.of(name).open_shell(name, service)

    def thumbnail(self, preview: str, service: str) -> Path | None:
        """As the protocol says."""
        found = self.preview(preview)
        known = found.service(service) if found else None
        return thumbnails.path(preview, service) if known and known.thumbnail else None

    def environment(self, name: str) -> Mapping[str, Sequence[Variable]]:
        """As the protocol says."""
        return self._places.of(name).environment(name, self._maskers.of(name))

    def logs(self, name: str) -> Sequence[Log]:
        """As the protocol says."""
        return self._reading.logs(self.preview(name))

    def read(self, wanted: Wanted) -> Sequence[Line]:
        """As the protocol says."""
        return self._reading.read(wanted, self.preview(wanted.preview))

    def follow(self, wanted: Wanted) -> Following:
        """As the protocol says."""
        feeds = self._feeds.setdefault(wanted.preview, set())
        feed = Following(
            self.read(wanted), wanted.since, lambda: self._reading.streams(wanted), feeds.discard
        )
        feeds.add(feed)
        return feed

    def subscribe(self, changed: Callable[[], None]) -> Unsubscribe:
        """As the protocol says."""
        self._listeners.append(changed)
        return lambda: self._listeners.remove(changed)

    def notify(self) -> None:
        """Tells whoever has subscribed that something may be different."""
        for listener in list(self._listeners):
            listener()

    def _reach(self, context: str) -> Cluster:
        return Cluster(context, self._maskers, self._observed, self._crashed)

    def _look(self) -> None:
        for place in self._places.every():
            place.look()

    def _is_known(self, name: str) -> bool:
        return name in self._polling.records or name in self._places.names()

    def _record(self, name: str) -> Record | None:
        return self._polling.records.get(name)

    def _updated(self, name: str) -> float | None:
        record = self._record(name)
        return record.updated if record else None

    def _preview(self, name: str) -> Preview:
        place, record = self._places.of(name), self._record(name)
        about = About(time.time(), self._stacks.stack(name), record, self._crashes.last(name))
        known = Known(
            name,
            place.seen(name, about),
            place.target,
            place.lacks,
            place.measured,
            self._updates.first(name),
            self._updates.last(name),
            self._polling.activities.get(name),
            record,
        )
        return self._thumbnails.shown(preview(known))

    def _recorded(self, name: str) -> None:
        """A preview's stack has been written, or is gone."""
        self._places.learn(name, known=name in self._polling.records)
        self._observed(name)

    def _observed(self, name: str) -> None:
        """What lives of a preview may be different; without a name, of any."""
        if name and not self._is_known(name):
            for part in (self._crashes, self._comparing, self._thumbnails, self._places.of(name)):
                part.forget(name)
        elif name and self._thumbnails.is_on and name in self._places.names():
            self._thumbnails.look(self._preview(name))
        self.notify()

    def _crashed(self, end: End, read: ReadLast) -> None:
        """It is shown at once; its log, which may need Pulumi for the masks, when a thread has taken it."""
        self._crashes.tell(end)
        threading.Thread(target=self._keep, args=(end, read), daemon=True).start()

    def _keep(self, end: End, read: ReadLast) -> None:
        lines = read(self._maskers.of(end.preview), _CRASH_LINES)
        crash = replace(end.crash, lines=tuple(line.text for line in lines[-_SHOWN_LINES:]))
        self._crashes.keep(End(end.preview, end.service, crash), lines)
        for feed in list(self._feeds.get(end.preview, ())):
            feed.put(self._reading.mark(end.service, crash))
        self.notify()
