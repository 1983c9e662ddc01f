"""What running containers use, measured one after the other for as long as somebody looks."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docker

from galley_iac.dashboard.model import Usage
from galley_iac.engine.client import connect
from galley_iac.errors import MachineError
from galley_iac.timing import parse

_PERIOD = 5.0
_AT_ONCE = 16
"""The engine answers each question with its next measurement, up to a second later: so many are asked at
once.
"""

_LOOKED_AT = 60.0
"""Seconds that somebody counts as looking after the last question: a scrape of the metrics is one."""

Sample = tuple[float, int]
"""When (seconds since the epoch), and the CPU time used up to then in nanoseconds."""


class Meter:
    """``running`` lists the containers to measure; ``measured`` is called after each round.

    ``found`` has, by container, what each used when it was measured last.
    """

    def __init__(self, host: str, running: Callable[[], list[str]], measured: Callable[[], None]) -> None:
        self._host, self._running, self._measured = host, running, measured
        self.found: dict[str, Usage] = {}
        self._samples: dict[str, Sample] = {}
        self._asked = 0.0
        self._stopped = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begins to measure, as soon as somebody asks."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self._stopped.set()
        self._wake.set()

    def look(self) -> None:
        """Somebody looks: it goes on measuring for a while."""
        self._asked = time.monotonic()
        self._wake.set()

    def _run(self) -> None:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while not self._stopped.is_set():
                self._wake.wait()
                self._wake.clear()
                if not self._stopped.is_set() and time.monotonic() - self._asked < _LOOKED_AT:
                    with contextlib.suppress(MachineError, docker.errors.DockerException, OSError):
                        self._round(pool)
                    self._measured()
                    self._stopped.wait(_PERIOD)

    def _round(self, pool: ThreadPoolExecutor) -> None:
        client, containers = connect(self._host), self._running()
        with contextlib.closing(client):
            measured = pool.map(lambda identifier: _measure(client, identifier), containers)
            for identifier, answer in zip(containers, measured, strict=True):
                if answer:
                    self._take(identifier, answer)
        gone = self.found.keys() - set(containers)
        for identifier in gone:
            self.found.pop(identifier, None)
            self._samples.pop(identifier, None)

    def _take(self, identifier: str, answer: Mapping[str, Any]) -> None:
        sample = (parse(answer["read"]).timestamp(), int(answer["cpu_stats"]["cpu_usage"]["total_usage"]))
        self.found[identifier] = Usage(cpus(self._samples.get(identifier), sample), memory(answer))
        self._samples[identifier] = sample


def cpus(before: Sample | None, now: Sample) -> float | None:
    """CPUs in use between two measurements; None without two, or when the container was started between
    them.
    """
    if before is None or now[0] <= before[0] or now[1] < before[1]:
        return None
    return (now[1] - before[1]) / 1e9 / (now[0] - before[0])


def memory(answer: Mapping[str, Any]) -> int:
    """Bytes, without the file cache that the kernel gives back when somebody needs it (as ``docker
    stats``).
    """
    found = answer["memory_stats"]
    details = found.get("stats") or {}
    cache = details.get("total_inactive_file", details.get("inactive_file", 0))
    return max(int(found["usage"]) - int(cache), 0)


def _measure(client: docker.DockerClient, identifier: str) -> Mapping[str, Any] | None:
    """None for one that has ended meanwhile: it has no memory left to measure."""
    with contextlib.suppress(docker.errors.DockerException, OSError, ValueError):
        answer: Mapping[str, Any] = client.api.stats(identifier, stream=False, one_shot=True)
        return answer if answer.get("memory_stats", {}).get("usage") else None
    return None
