"""Pods' logs as stamped lines: what there is already, and what is written.

A log is asked for again and again while somebody reads it: the cluster's own stream could not be ended from
another thread, and would stay until the pod writes again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from galley_iac.cluster import labels
from galley_iac.cluster.client import Api
from galley_iac.cluster.live import Live, runs_of
from galley_iac.cluster.logs import path
from galley_iac.dashboard.live.lines import Mask
from galley_iac.dashboard.live.place import Run
from galley_iac.dashboard.model import Line
from galley_iac.timing import parse, stamp
from galley_iac.timing import seconds as moment

_POLL = 0.4
_TRIES = 5
_LONGEST = 10**9
_UTC = "Z"


@dataclass(frozen=True)
class Container:
    """A service's container in a pod, over all of its runs."""

    api: Api
    preview: str
    pod: str
    service: str

    def read(self, mask: Mask, tail: int, since: str = "", *, previous: bool = False) -> list[Line]:
        """The last lines later than ``since`` of the present run, or of the one before it.

        While it waits to be started again, the run that ended last counts as the present one.
        """
        asked: dict[str, object] = {"container": self.service, "timestamps": "true"}
        asked |= {"tailLines": tail} if tail < _LONGEST else {}
        asked |= {"sinceTime": stamp(parse(since).timestamp())} if since else {}
        asked |= {"previous": "true"} if previous else {}
        text = self.api.text(path(self.preview, self.pod), **asked)
        return [line for line in _lines(text.split("\n"), self.service, mask) if line.stamp > since]


def of_ended(of: Container, container: str, mask: Mask, tail: int) -> list[Line]:
    """The last lines of a run that has ended, by its id; none when the cluster has them no more.

    Which log is whose changes with a restart, so it is looked whether there was one meanwhile.
    """
    lines: list[Line] = []
    for _ in range(_TRIES):
        before = _known(of)
        if container not in before:
            return []
        lines = of.read(mask, tail, previous=container != before[0])
        if _known(of) == before:
            break
    return lines


def _known(of: Container) -> tuple[str, str]:
    """The ids of the run whose log is the present one, and of the one before it."""
    pod = of.api.find(path(of.preview, of.pod).removesuffix("/log")) or {}
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    found = next((run for run in runs_of(statuses) if run.name == of.service), None)
    return (found.id, found.last_id) if found else ("", "")


def runs(api: Api, preview: str, live: Live, is_there: Callable[[str], bool]) -> list[Run]:
    """Of every service's pods: the present run, and the one before it where the cluster keeps its log.

    ``is_there`` says whether a pod still is.
    """
    roles = {one.service: one.role for one in live.workloads}
    found = []
    for pod in live.pods:
        main, role = pod.main, roles.get(pod.service, "")
        if role not in (labels.ROLE_SERVICE, labels.ROLE_JOB) or not main.id:
            continue
        of = Container(api, preview, pod.name, pod.service)
        if main.state == "running" and main.last_id:
            before = _previous(of)
            found.append(Run(f"{pod.name} {main.last_id}", main.last_id, pod.service, role, before))
        found.append(Run(pod.name, main.id, pod.service, role, of.read, _follow(of, live, is_there)))
    return found


def _previous(of: Container) -> Callable[[Mask, int, str], list[Line]]:
    return lambda mask, tail, since: of.read(mask, tail, since, previous=True)


def _follow(of: Container, live: Live, is_there: Callable[[str], bool]) -> Callable[[Mask], PodStream] | None:
    workload = live.workload(of.service)
    has_ended = workload is not None and (workload.succeeded or workload.failed)
    return None if has_ended else lambda mask: PodStream(of, mask, is_there)


class PodStream:
    """What a service's container writes, over all of its runs, until it is closed or its pod is gone."""

    def __init__(self, of: Container, mask: Mask, is_there: Callable[[str], bool]) -> None:
        self._of, self._mask, self._is_there = of, mask, is_there
        self._closed = threading.Event()

    def lines(self, since: str) -> Iterator[Line]:
        """Every line that is later than ``since``. The end of a run is read when the next has begun."""
        while self._is_there(self._of.pod) and not self._closed.wait(_POLL):
            found = self._of.read(self._mask, _LONGEST, since)
            if found:
                known = {line.stamp for line in found}
                before = self._of.read(self._mask, _LONGEST, since, previous=True)
                found = [*(line for line in before if line.stamp not in known), *found]
            for line in sorted(found, key=lambda one: one.stamp):
                since = max(since, line.stamp)
                yield line

    def close(self) -> None:
        """Ends the iteration."""
        self._closed.set()


def _lines(texts: Iterable[str], service: str, mask: Mask) -> Iterator[Line]:
    for text in texts:
        written, _, rest = text.rstrip("\r").partition(" ")
        if written:
            yield Line(_in_utc(written), service, mask(rest))


def _in_utc(written: str) -> str:
    """With nine digits and in UTC, so that times sort as text; a node writes them in its own zone."""
    if written.endswith(_UTC):
        return written
    whole, _, rest = written.partition(".")
    digits, zone = rest[:9], rest[9:]
    return f"{stamp(moment(whole + zone)).removesuffix(_UTC)}.{digits}Z"
