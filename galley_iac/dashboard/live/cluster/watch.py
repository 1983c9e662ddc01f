"""What lives on a cluster, kept up to date by the cluster's own watches.

A change names a namespace, and that preview alone is looked at again. What a watch does not tell, such as
that a quota refuses a pod, is found by looking again at what is not as it should be.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from functools import partial

from galley_iac.cluster import labels
from galley_iac.cluster.client import Api, Json
from galley_iac.cluster.live import Live, observe
from galley_iac.cluster.status import preview_status
from galley_iac.errors import GalleyError

KINDS = ("/api/v1/pods", "/apis/apps/v1/deployments", "/apis/batch/v1/jobs")
_OURS = {"labelSelector": labels.PREVIEW}
_WATCHED = 30
"""Seconds after which a watch ends by itself, and everything is listed anew."""

_PAUSE = 0.5
_RETRY = 2.0
_AGAIN = 5.0
_GATHER = 0.05
"""Seconds in which further changes of the same moment are waited for: an update makes dozens at once."""

Signatures = dict[str, frozenset[tuple[str, str]]]


class Watch:
    """``found`` holds what lives of each preview that is wanted; ``changed`` is told which was looked at
    again. While the cluster is silent, ``problem`` says so and what was known last stays.

    ``connect`` may raise GalleyError, and is called until it does not.
    """

    def __init__(self, connect: Callable[[], Api], changed: Callable[[str], None]) -> None:
        self.found: dict[str, Live] = {}
        self._problems: dict[str, str] = {}
        self._connect, self._changed = connect, changed
        self._wanted: set[str] = set()
        self._dirty: set[str] = set()
        self._signatures: dict[str, Signatures] = {}
        self._wake, self._stopped = threading.Condition(), threading.Event()

    @property
    def problem(self) -> str:
        """The first of what went wrong when it was last tried."""
        return next((said for said in list(self._problems.values()) if said), "")

    def start(self) -> None:
        """Begins to look; the watches' threads end when theirs next do."""
        works = {"": self._look, **{kind: partial(self.listen, kind=kind) for kind in KINDS}}
        for what, work in works.items():
            threading.Thread(target=self._again_and_again, args=(what, work), daemon=True).start()

    def stop(self) -> None:
        """Has the threads end."""
        self._stopped.set()
        with self._wake:
            self._wake.notify_all()

    def want(self, name: str) -> None:
        """Has a preview looked at, soon and from then on."""
        self._wanted.add(name)
        self.touch(name)

    def leave(self, name: str) -> None:
        """The preview is not on this cluster any more."""
        self._wanted.discard(name)
        self.found.pop(name, None)

    def touch(self, name: str) -> None:
        """Has one preview looked at again soon."""
        with self._wake:
            if name in self._wanted:
                self._dirty.add(name)
                self._wake.notify()

    def listen(self, api: Api, kind: str) -> None:
        """One listing of all objects of a kind, then what becomes of them for a while."""
        listing = api.find(kind, **_OURS) or {}
        now = _signatures(listing.get("items") or ())
        before = self._signatures.get(kind, {})
        for name in now.keys() | before.keys():
            if now.get(name) != before.get(name):
                self.touch(name)
        self._signatures[kind] = now
        version = (listing.get("metadata") or {}).get("resourceVersion", "")
        asked = {**_OURS, "watch": "true", "resourceVersion": version, "timeoutSeconds": _WATCHED}
        for line in api.lines(kind, **asked):
            self.touch(_namespace(json.loads(line).get("object") or {}))
            if self._stopped.is_set():
                break

    def observe(self, api: Api, name: str) -> None:
        """Looks at one preview."""
        live = observe(api, name)
        if live and name in self._wanted:
            self.found[name] = live
        else:
            self.found.pop(name, None)
        self._changed(name)

    def _look(self, api: Api) -> None:
        for name in self._taken():
            try:
                self.observe(api, name)
            except GalleyError:
                self.touch(name)
                raise

    def _taken(self) -> list[str]:
        """What is to be looked at now: what was touched, else what is not as it should be."""
        with self._wake:
            if not self._dirty and not self._stopped.is_set():
                self._wake.wait(_AGAIN)
        self._stopped.wait(_GATHER)
        with self._wake:
            names, self._dirty = self._dirty, set()
        unsettled = {name for name, live in list(self.found.items()) if _is_unsettled(name, live)}
        return sorted(names or unsettled)

    def _again_and_again(self, what: str, work: Callable[[Api], None]) -> None:
        api: Api | None = None
        while not self._stopped.is_set():
            try:
                api = api or self._connect()
                work(api)
                self._say(what, "")
            except (GalleyError, OSError, ValueError) as error:
                api = None
                self._say(what, str(error).splitlines()[0])
                self._stopped.wait(_RETRY)
            if what:
                self._stopped.wait(_PAUSE)

    def _say(self, what: str, problem: str) -> None:
        before, self._problems[what] = self.problem, problem
        if self.problem != before and not self._stopped.is_set():
            self._changed("")


def _signatures(items: Iterable[Json]) -> Signatures:
    """By namespace: every object's id, and the version of what the cluster knows of it."""
    found: dict[str, set[tuple[str, str]]] = {}
    for one in items:
        own = one["metadata"]
        entry = (str(own.get("uid", own["name"])), str(own.get("resourceVersion", "")))
        found.setdefault(_namespace(one), set()).add(entry)
    return {name: frozenset(entries) for name, entries in found.items()}


def _namespace(found: Json) -> str:
    return str((found.get("metadata") or {}).get("namespace", ""))


def _is_unsettled(name: str, live: Live) -> bool:
    return preview_status(name, live).state not in ("running", "asleep")
