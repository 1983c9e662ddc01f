"""Pods' output, merged in the order in which it was written."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from galley_iac.cluster.client import Api
from galley_iac.cluster.live import Pod

Line = tuple[str, str]
"""Service and text."""


class _Entry(NamedTuple):
    stamp: str
    service: str
    text: str


def tail(api: Api, preview: str, pod: Pod, lines: int) -> list[str]:
    """The last lines of a service's container: of the run before where the present one wrote none."""
    asked = {"container": pod.service, "tailLines": lines}
    text = api.text(path(preview, pod.name), **asked)
    if not text and pod.main.restarts:
        text = api.text(path(preview, pod.name), **asked, previous=True)
    return text.rstrip().splitlines()


def history(api: Api, preview: str, pods: Sequence[Pod], lines: int) -> Iterator[Line]:
    """The last ``lines`` of each, merged by the time that the node noted for each."""
    yield from ((entry.service, entry.text) for entry in _merged(api, preview, pods, lines))


def follow(api: Api, preview: str, pods: Sequence[Pod], lines: int) -> Iterator[Line]:
    """The same, and then every line as it is written, until all have ended."""
    past = _merged(api, preview, pods, lines)
    yield from ((entry.service, entry.text) for entry in past)
    last = {entry.service: entry.stamp for entry in past}
    written: queue.Queue[Line | None] = queue.Queue()
    for pod in pods:
        arguments = (api, preview, pod, last.get(pod.service, ""), written)
        threading.Thread(target=_pump, args=arguments, daemon=True).start()
    running = len(pods)
    while running:
        line = written.get()
        if line is None:
            running -= 1
        else:
            yield line


def _merged(api: Api, preview: str, pods: Sequence[Pod], lines: int) -> list[_Entry]:
    past: list[_Entry] = []
    for pod in pods:
        text = api.text(path(preview, pod.name), container=pod.service, tailLines=lines, timestamps=True)
        past += [_entry(pod, line) for line in text.splitlines()]
    return sorted(past, key=lambda entry: entry.stamp)


def _pump(api: Api, preview: str, pod: Pod, last: str, written: queue.Queue[Line | None]) -> None:
    """Passes on what comes after ``last``; a pod that goes away meanwhile has ended too."""
    asked: dict[str, object] = {"container": pod.service, "follow": True, "timestamps": True}
    asked |= {"sinceTime": last} if last else {}
    try:
        for line in api.lines(path(preview, pod.name), **asked):
            entry = _entry(pod, line.decode("utf-8", "replace"))
            if entry.stamp > last:
                written.put((entry.service, entry.text))
    except Exception:
        pass
    finally:
        written.put(None)


def _entry(pod: Pod, line: str) -> _Entry:
    stamp, _, text = line.rstrip("\r").partition(" ")
    return _Entry(stamp, pod.service, text)


def path(preview: str, pod: str) -> str:
    """Where a pod's log is asked for."""
    return f"/api/v1/namespaces/{preview}/pods/{pod}/log"
