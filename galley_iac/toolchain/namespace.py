"""A network namespace for our engine, where another daemon has the machine's own.

Its way out is a process of its own (slirp4netns), so that no firewall rule of the machine is touched. What
the engine publishes is reached from inside only: :func:`entering` is how the tests get there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import apt, processes
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.runner import Runner, ToolError

RESOLVER = "10.0.2.3"
"""Where the way out answers DNS: the machine's own resolver may listen on its loopback interface only."""
_DEVICE = "tap0"
_SECONDS = 10


class Namespace:
    """A named namespace and the process that connects it; ``folder`` holds that process's pid."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._path = Path("/run/netns") / name
        self._pid_file = folder / "slirp4netns.pid"

    @property
    def exists(self) -> bool:
        """Whether it has been made."""
        return self._path.exists()

    def inside(self, command: Sequence[str | Path]) -> list[str]:
        """The command that runs ``command`` in it."""
        return ["nsenter", f"--net={self._path}", *map(str, command)]

    def ensure(self, runner: Runner, console: Console) -> None:
        """Makes and connects it. Raises MachineError."""
        if runner.which("slirp4netns") is None:
            reason = "another Docker daemon runs here, and slirp4netns, which sets ours apart, is missing"
            apt.install(["slirp4netns"], reason, runner, console)
        try:
            if not self.exists:
                runner.run(["ip", "netns", "add", self.name])
                runner.run(self.inside(["ip", "link", "set", "lo", "up"]))
        except ToolError as error:
            raise MachineError(f"no network namespace can be made: {error}", "it takes root") from None
        if self._connector() is None:
            self._connect(runner)

    def remove(self, runner: Runner) -> None:
        """Disconnects and removes it, if it is there."""
        connector = self._connector()
        if connector is not None:
            os.kill(connector, signal.SIGTERM)
        self._pid_file.unlink(missing_ok=True)
        if self.exists:
            runner.run(["ip", "netns", "delete", self.name])

    def _connector(self) -> int | None:
        return processes.running(self._pid_file, str(self._path))

    def _connect(self, runner: Runner) -> None:
        command = ["slirp4netns", "--configure", "--mtu=65520", "--netns-type=path", str(self._path), _DEVICE]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        self._pid_file.write_text(str(process.pid))
        if not processes.wait(self._is_up(runner), _SECONDS):
            raise MachineError(
                "slirp4netns does not connect the engine's network namespace", "run it by hand"
            )

    def _is_up(self, runner: Runner) -> Callable[[], bool]:
        def check() -> bool:
            with contextlib.suppress(ToolError):
                return "inet " in runner.run(self.inside(["ip", "address", "show", "dev", _DEVICE]))
            return False

        return check


def entering(pid: int | None, proc: Path = Path("/proc")) -> list[str]:
    """The words to put before a command so that it runs where the process is; none where that is here."""
    if (
        pid is None
        or (proc / str(pid) / "ns" / "net").readlink() == (proc / "self" / "ns" / "net").readlink()
    ):
        return []
    return ["nsenter", f"--net={proc / str(pid) / 'ns' / 'net'}"]
