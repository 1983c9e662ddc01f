"""The dashboard's data from the Docker engine and Pulumi's state: puts the parts of this folder together."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import docker

from galley_iac.automation import backend
from galley_iac.automation.report import tail
from galley_iac.dashboard.live import thumbnails
from galley_iac.dashboard.live.assemble import Known, is_asleep, preview
from galley_iac.dashboard.live.comparing import Comparing
from galley_iac.dashboard.live.crashes import Crashes, End, Ends
from galley_iac.dashboard.live.environment import variables
from galley_iac.dashboard.live.following import Following
from galley_iac.dashboard.live.polling import Polling
from galley_iac.dashboard.live.reading import Reading
from galley_iac.dashboard.live.secrets import Maskers
from galley_iac.dashboard.live.stacks import Stacks
from galley_iac.dashboard.live.thumbnails import Thumbnails
from galley_iac.dashboard.live.updates import Updates
from galley_iac.dashboard.live.usage import Meter
from galley_iac.dashboard.live.watch import Watch
from galley_iac.dashboard.model import Crash, Drift, History, Line, Log, Preview, Variable
from galley_iac.dashboard.source import Unsubscribe, Wanted
from galley_iac.engine import labels
from galley_iac.engine.client import connect
from galley_iac.engine.live import Live
from galley_iac.engine.status import preview_status

_CRASH_LINES = 2000
"""Lines of a crashed container that are kept."""

_SHOWN_LINES = 20

LastLines = dict[str, tuple[str, tuple[str, ...]]]
"""By container: a key that changes with what happens to it, and the lines that it had written by then."""


class EngineSource:
    """Everything of one engine. Use as a context manager: its threads end with it."""

    def __init__(self, host: str, browser: Path | None = None) -> None:
        local = backend.local_state()
        self._host, self._client = host, connect(host)
        self._stacks, self._updates = Stacks(local), Updates(local)
        self._crashes, self._maskers = Crashes(), Maskers()
        self._comparing = Comparing(self._client, self._maskers)
        self._thumbnails = Thumbnails(browser, self.notify)
        self._lines: dict[str, LastLines] = {}
        self._listeners: list[Callable[[], None]] = []
        self._feeds: dict[str, set[Following]] = {}
        self._watch = Watch(host, self._observed, Ends(self._crashed))
        self._polling = Polling(local, self.notify)
        self._meter = Meter(host, self._running, self.notify)
        self._reading = Reading(self._client, self._watch.found, self._crashes, self._maskers)

    def __enter__(self) -> EngineSource:
        """Raises MachineError when the engine is silent."""
        self._thumbnails.start()
        self._watch.start()
        self._polling.start()
        self._meter.start()
        return self

    def __exit__(self, *error: object) -> None:
        for part in (self._watch, self._polling, self._meter, self._thumbnails):
            part.stop()
        for feed in [feed for feeds in list(self._feeds.values()) for feed in list(feeds)]:
            feed.close()
        self._client.close()

    @property
    def problem(self) -> str:
        """As the protocol says."""
        return self._watch.problem

    def previews(self) -> Sequence[Preview]:
        """As the protocol says."""
        self._meter.look()
        names = {*self._watch.found, *self._polling.records}
        return [self._preview(name) for name in sorted(names)]

    def preview(self, name: str) -> Preview | None:
        """As the protocol says."""
        self._meter.look()
        known = name in self._watch.found or name in self._polling.records
        return self._preview(name) if known else None

    def history(self, name: str) -> History:
        """As the protocol says."""
        return self._updates.history(name) if self.preview(name) else History()

    def drift(self, name: str) -> Drift | None:
        """As the protocol says."""
        last = self._updates.last(name)
        return self._comparing.last(name, last.ended if last else None)

    def compare(self, name: str) -> Drift:
        """As the protocol says."""
        return self._comparing.compare(name)

    def thumbnail(self, preview: str, service: str) -> Path | None:
        """As the protocol says."""
        found = self.preview(preview)
        known = found.service(service) if found else None
        return thumbnails.path(preview, service) if known and known.thumbnail else None

    def environment(self, name: str) -> Mapping[str, Sequence[Variable]]:
        """As the protocol says."""
        live, mask = self._watch.found.get(name, Live()), self._maskers.of(name)
        found: dict[str, Sequence[Variable]] = {}
        for container in live.containers:
            if container.role in (labels.ROLE_SERVICE, labels.ROLE_JOB):
                with contextlib.suppress(docker.errors.NotFound):
                    given, own = self._given(container.id)
                    found[container.service] = variables(given, own, mask)
        return found

    def _given(self, container: str) -> tuple[list[str], list[str]]:
        """A container's whole environment, and its image's."""
        info = self._client.api.inspect_container(container)
        image = self._client.api.inspect_image(info["Image"])
        return list(info["Config"]["Env"] or ()), list((image["Config"] or {}).get("Env") or ())

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

    def _preview(self, name: str) -> Preview:
        return self._thumbnails.shown(
            preview(
                Known(
                    name,
                    time.time(),
                    self._watch.found.get(name, Live()),
                    self._stacks.stack(name),
                    self._updates.first(name),
                    self._updates.last(name),
                    self._polling.activities.get(name),
                    self._polling.records.get(name),
                    self._crashes.last(name),
                    self._meter.found,
                    {container: lines for container, (_, lines) in self._lines.get(name, {}).items()},
                )
            )
        )

    def _running(self) -> list[str]:
        every = [container for live in list(self._watch.found.values()) for container in live.containers]
        return [c.id for c in every if c.state == "running" and c.role != labels.ROLE_PROBE]

    def notify(self, _name: str = "") -> None:
        """Tells whoever has subscribed that something may be different."""
        for listener in list(self._listeners):
            listener()

    def _observed(self, name: str) -> None:
        """A preview has been looked at again: takes the last lines of what is not as it should be."""
        live = self._watch.found.get(name)
        if name and live is None and name not in self._polling.records:
            self._crashes.forget(name)
            self._comparing.forget(name)
            self._thumbnails.forget(name)
            self._lines.pop(name, None)
        if live is not None:
            self._take_lines(name, live)
            if self._thumbnails.is_on:
                self._thumbnails.look(self._preview(name))
        self.notify()

    def _take_lines(self, name: str, live: Live) -> None:
        known, found = self._lines.get(name, {}), {}
        asleep = is_asleep(live, self._polling.records.get(name))
        for status in preview_status(name, live, asleep=asleep).services:
            container = live.container(status.service)
            if container is None or status.healthy:
                continue
            key = f"{container.state} {container.started_at} {container.finished_at} {status.state}"
            found[container.id] = known.get(container.id, ("", ()))
            if found[container.id][0] != key:
                masked = map(self._maskers.of(name), tail(self._client, container, _SHOWN_LINES))
                found[container.id] = (key, tuple(masked))
        self._lines[name] = found

    def _crashed(self, end: End) -> None:
        """At once what the engine told; its log, which may need Pulumi for the masks, from a thread of its
        own.
        """
        threading.Thread(target=self._keep, args=(end,), daemon=True).start()

    def _keep(self, end: End) -> None:
        lines = self._reading.container(end.preview, end.crash.container, end.service, _CRASH_LINES)
        shown = tuple(line.text for line in lines[-_SHOWN_LINES:])
        crash = Crash(end.crash.when, end.crash.exit_code, end.crash.reason, end.crash.container, shown)
        self._crashes.keep(End(end.preview, end.service, crash), lines)
        for feed in list(self._feeds.get(end.preview, ())):
            feed.put(self._reading.mark(end.service, crash))
        self.notify()
