"""Ctrl-C and SIGTERM during an update: once forwarded, in-flight checks ended, and a state that can go on."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

import docker

from galley_iac.automation.command import OneSignalCommand
from galley_iac.engine import labels

Wanted = Callable[[], None]
"""Asked once a preview is held: whether it is still right to go on. What it raises ends the command."""

_PAUSE = 0.5
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruptible:
    """While it is entered, a signal asks the update to end after what is in flight, instead of ending this
    process.

    A job or a readiness check could keep the update in flight for minutes: their containers are stopped; the
    run label sees to it that the next update runs them again. Leaving raises KeyboardInterrupt if there was a
    signal.
    """

    def __init__(self, command: OneSignalCommand, client: docker.DockerClient, preview: str) -> None:
        self._command = command
        self._client = client
        self._preview = preview
        self._before: dict[int, Any] = {}
        self.interrupted = False
        self._over = threading.Event()

    def __enter__(self) -> Interruptible:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self.interrupted:
            raise KeyboardInterrupt from None

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self.interrupted:
            print("still ending what is in flight; nothing is lost if you wait", file=sys.stderr)
            return
        self.interrupted = True
        print("\nstopping after what is in flight ...", file=sys.stderr)
        self._command.interrupt()
        threading.Thread(target=self._end_checks, daemon=True).start()

    def _end_checks(self) -> None:
        """Again and again: one that is being created at the moment of the signal starts after it."""
        while not self._over.wait(_PAUSE):
            with contextlib.suppress(docker.errors.DockerException, OSError):
                end_checks(self._client, self._preview)


def end_checks(client: docker.DockerClient, preview: str) -> None:
    """Kills what an update may be waiting for: the preview's running readiness checks and jobs."""
    for role in (labels.ROLE_PROBE, labels.ROLE_JOB):
        _end_role(client, preview, role)


def _end_role(client: docker.DockerClient, preview: str, role: str) -> None:
    wanted = [f"{labels.PREVIEW}={preview}", f"{labels.ROLE}={role}"]
    for entry in client.api.containers(filters={"label": wanted, "status": "running"}):
        with contextlib.suppress(docker.errors.APIError):
            client.api.kill(entry["Id"])
