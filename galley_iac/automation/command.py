"""The Pulumi CLI as a child of ours that gets exactly one signal.

A terminal's Ctrl-C reaches every process of the foreground group, and Pulumi ends at once, leaving untracked
containers, when a second signal comes (docs/engine.md). So the CLI runs in a session of its own, and
:meth:`OneSignalCommand.interrupt` hands it a single SIGTERM, on which it finishes what is in flight.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from pulumi.automation import PulumiCommand
from pulumi.automation._cmd import CommandResult
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

_Callback = Callable[[str], object] | None


class OneSignalCommand(PulumiCommand):
    """Runs ``pulumi`` at ``path``, whose version is known: asking for it costs a process every time."""

    def __init__(self, path: Path, version: str) -> None:
        self.command = str(path)
        self.version = VersionInfo.parse(version)
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._told: subprocess.Popen[str] | None = None
        self._interrupted = False

    def interrupt(self) -> None:
        """Asks the running update to end after what is in flight; nothing is started after it."""
        with self._lock:
            self._end()
            self._interrupted = True

    def cancel(self) -> None:
        """The same, for an update that cannot succeed any more; what comes after it is started as ever."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        """Tells a child only once."""
        if self._child is not None and self._child is not self._told:
            self._child.send_signal(signal.SIGTERM)
            self._told = self._child

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: _Callback = None,
        on_error: _Callback = None,
        *,
        text: str = "",
    ) -> CommandResult:
        """As the base class, with the child in a session of its own, and ``text`` on its standard input.

        Raises pulumi's CommandError on failure.
        """
        child = self._start(["--non-interactive", *args], cwd, additional_env)
        try:
            _feed(child, text)
            output, errors = _drain(child, on_output, on_error)
        finally:
            with self._lock:
                self._child = None
        result = CommandResult("\n".join(output), "\n".join(errors), child.returncode)
        if child.returncode != 0:
            raise create_command_error(result)
        return result

    def _start(self, args: list[str], cwd: str, more: Mapping[str, str]) -> subprocess.Popen[str]:
        environment = {**os.environ, **more, "PULUMI_AUTOMATION_API": "true"}
        with self._lock:
            if self._interrupted:
                raise KeyboardInterrupt
            self._child = subprocess.Popen(
                [self.command, *args],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=cwd,
                env=environment,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
            return self._child


def _feed(child: subprocess.Popen[str], text: str) -> None:
    """What is fed is small enough for a pipe; a child that ends without reading it is no error."""
    assert child.stdin is not None
    with contextlib.suppress(BrokenPipeError), child.stdin:
        child.stdin.write(text)


def _drain(
    child: subprocess.Popen[str], on_output: _Callback, on_error: _Callback
) -> tuple[list[str], list[str]]:
    """Reads both streams to their ends, each in a thread, so that neither fills up."""
    output: list[str] = []
    errors: list[str] = []
    readers = [
        threading.Thread(target=_read, args=(child.stdout, on_output, output), daemon=True),
        threading.Thread(target=_read, args=(child.stderr, on_error, errors), daemon=True),
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    child.wait()
    return output, errors


def _read(stream: object, callback: _Callback, lines: list[str]) -> None:
    """Reads on whatever happens in the callback: a pipe that nobody reads would hold up the update."""
    for line in stream:  # type: ignore[attr-defined]
        lines.append(line.rstrip("\n"))
        if callback:
            with contextlib.suppress(Exception):
                callback(lines[-1])
