"""Runs the installed ``galley`` as a user does, in an environment of the test session's own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galley_iac.toolchain import locate, paths

BOUND = 240
"""Seconds that any one command may take, on a machine that others use as well."""

_OWN = ("DOCKER_", "GALLEY_", "PULUMI_")


@dataclass(frozen=True)
class Completed:
    """How a command ended. No command of any test may show a traceback: making one of these checks that."""

    code: int
    out: str
    err: str
    seconds: float

    def __post_init__(self) -> None:
        assert "Traceback (most recent call last)" not in self.text, self.text

    @property
    def text(self) -> str:
        """Both streams."""
        return f"{self.out}\n{self.err}"

    @property
    def json(self) -> Any:
        """Standard output, which has to be one JSON document."""
        return json.loads(self.out)


class Galley:
    """The command, with a home, a state and an engine that are nobody else's."""

    def __init__(self, home: Path, docker_host: str, tools: locate.Tools) -> None:
        self.home = home
        self.docker_host = docker_host
        self.tools = tools
        self.program = Path(sys.executable).parent / "galley"

    def environment(self, **more: str) -> dict[str, str]:
        """The user's own without what steers Docker, Pulumi or the command, and then the session's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}
        own = {
            "DOCKER_HOST": self.docker_host,
            "GALLEY_HOME": str(self.home),
            "GALLEY_TOOLS": str(paths.layout().root),
            "GALLEY_PULUMI": str(self.tools.pulumi),
            "PULUMI_HOME": str(self.tools.pulumi_home),
        }
        return {**kept, **own, **more}

    def __call__(self, *words: str, at: Path, timeout: float = BOUND, **more: str) -> Completed:
        """Runs one command in the folder ``at`` to its end; ``more`` are environment variables."""
        return self.run([str(self.program), *words], at=at, timeout=timeout, **more)

    def run(self, command: list[str], *, at: Path, timeout: float = BOUND, **more: str) -> Completed:
        """Runs any program in the session's environment."""
        with self.started(command, at=at, **more) as running:
            return running.wait(timeout)

    @contextlib.contextmanager
    def background(self, *words: str, at: Path, **more: str) -> Iterator[Running]:
        """Runs one command while the test does something else; it has ended when the context is left."""
        with self.started([str(self.program), *words], at=at, **more) as running:
            yield running

    @contextlib.contextmanager
    def started(self, command: list[str], *, at: Path, **more: str) -> Iterator[Running]:
        """In a process group of its own, so that a test can signal it as a terminal does."""
        child = subprocess.Popen(
            command,
            cwd=at,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield Running(child)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()

    def processes(self) -> Mapping[int, str]:
        """Every process with this session's home in its environment: what was started and not ended."""
        mark = f"GALLEY_HOME={self.home}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if int(folder.name) != os.getpid() and mark in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found


class Running:
    """A command that has been started. Both its streams are read all the time: neither can fill up."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child
        self._begun = time.monotonic()
        self._out: list[str] = []
        self._err: list[str] = []
        streams = ((child.stdout, self._out), (child.stderr, self._err))
        self._readers = [threading.Thread(target=_read, args=pair, daemon=True) for pair in streams]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self._child.poll() is not None

    def saw(self, text: str) -> str:
        """The first line so far that holds ``text``; empty when there is none."""
        return next((line for line in [*self._out, *self._err] if text in line), "")

    def line(self, text: str, within: float = 120.0) -> str:
        """Waits for a line that holds ``text``; fails with all there was when the command ends before."""
        end = time.monotonic() + within
        while not (found := self.saw(text)):
            over = self.ended or time.monotonic() > end
            assert not over or self.saw(text), f"{text!r} never came: {''.join([*self._out, *self._err])}"
            time.sleep(0.05)
        return found

    def signal(self, number: signal.Signals) -> None:
        """As Ctrl-C in a terminal: the whole process group gets it."""
        os.killpg(self.pid, number)

    def wait(self, timeout: float = BOUND) -> Completed:
        """Waits for the end; TimeoutExpired when it does not come."""
        self._child.wait(timeout)
        for reader in self._readers:
            reader.join(timeout)
        out, err = "".join(self._out), "".join(self._err)
        return Completed(self._child.returncode, out, err, time.monotonic() - self._begun)


def _read(stream: Iterable[str], lines: list[str]) -> None:
    for line in stream:
        lines.append(line)
