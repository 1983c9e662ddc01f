"""What a forge's runners do with its deliveries: each starts ``galley ci`` at once, in a checkout of its own.

There is no group that keeps runs apart, and a runner for each: every order and every overlap can happen.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.forge.api import Api
from tests.forge.listener import Delivery
from tests.forge.project import remote
from tests.integration.harness.command import BOUND, Completed, Galley
from tests.integration.harness.web import eventually

_PULL_REQUEST = {"opened", "reopened", "synchronized", "closed", "edited", "label_updated"}


def starts_a_run(delivery: Delivery) -> bool:
    """As examples/ci/gitea.yml has it."""
    if delivery.event == "issue_comment":
        return delivery.action == "created" and "/galley " in delivery.payload["comment"]["body"]
    return delivery.event == "delete" or (
        delivery.event == "pull_request" and delivery.action in _PULL_REQUEST
    )


@dataclass(frozen=True)
class Run:
    """One run of ``galley ci``; times are on the monotonic clock."""

    delivery: Delivery
    begun: float
    ended: float
    done: Completed

    def overlaps(self, other: Run) -> bool:
        """Whether both ran at some moment."""
        return self.begun < other.ended and other.begun < self.ended


class Pipeline:
    """``robot`` is the user whose token the runs have."""

    def __init__(self, galley: Galley, robot: Api, full_name: str, folder: Path) -> None:
        self._galley, self._robot, self._full_name, self._folder = galley, robot, full_name, folder
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._running: list[threading.Thread] = []
        self._runs: list[Run] = []

    @property
    def runs(self) -> list[Run]:
        """All that have ended, in that order."""
        with self._lock:
            return list(self._runs)

    def take(self, delivery: Delivery) -> None:
        """Starts a run where the delivery is for one."""
        if starts_a_run(delivery):
            self.start([delivery])

    def start(self, deliveries: Iterable[Delivery], pause: Callable[[], float] = lambda: 0.0) -> None:
        """Starts a run for each, with so many seconds between them. All are checked out before the first
        begins, so that they run at the same time.
        """
        for delivery, checkout in [(one, self._checkout()) for one in deliveries]:
            thread = threading.Thread(target=self._run, args=(delivery, checkout), daemon=True)
            with self._lock:
                self._running.append(thread)
            thread.start()
            time.sleep(pause())

    def is_idle(self) -> bool:
        """Whether every run that was started has ended."""
        with self._lock:
            self._running = [thread for thread in self._running if thread.is_alive()]
            return not self._running

    def settled(self, runs: int, within: float = 600.0) -> list[Run]:
        """Waits until at least so many runs have ended and none goes on; returns all."""
        eventually(lambda: len(self.runs) >= runs and self.is_idle(), f"{runs} runs have ended", within)
        return self.runs

    def _checkout(self) -> Path:
        path = self._folder / str(next(self._numbers)) / self._full_name.partition("/")[2]
        command = ["git", "clone", "--quiet", remote(self._robot, self._full_name), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=BOUND)
        return path

    def _run(self, delivery: Delivery, checkout: Path) -> None:
        file = checkout.parent / "event.json"
        file.write_text(json.dumps(delivery.payload), encoding="utf-8")
        options = ["--forge", "gitea", "--api", self._robot.url, "--event", delivery.event]
        begun = time.monotonic()
        done = self._galley(
            *("ci", *options, "--payload", str(file)),
            at=checkout,
            timeout=2 * BOUND,
            GALLEY_FORGE_TOKEN=self._robot.token,
        )
        with self._lock:
            self._runs.append(Run(delivery, begun, time.monotonic(), done))


def transcript(runs: Iterable[Run]) -> str:
    """What all runs said, for a test that fails."""
    return "\n".join(
        f"== {run.delivery.event} {run.delivery.action}: {run.begun:.1f} to {run.ended:.1f}\n{run.done.text}"
        for run in runs
    )
