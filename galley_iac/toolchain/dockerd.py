"""A Docker engine of our own: its data, socket, bridge and configuration are apart from any other engine's.

It outlives the command that starts it, and a later command finds it by its socket. After a reboot or a kill
it is started again on the same data.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import apt, bridge, mounts, paths, rivals
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.ping import answers
from galley_iac.toolchain.runner import Runner

PACKAGES = ("docker.io", "iptables", "iproute2", "ca-certificates")
_START_SECONDS = 60
_STOP_SECONDS = 30
_SOCKET_LIMIT = 100
"""Bytes; the kernel takes 107, and a few are left for the names that Docker appends."""


class Daemon:
    """The daemon that belongs to a tools folder."""

    def __init__(self, layout: paths.Layout) -> None:
        self.folder = layout.engine
        self.run_folder = Path("/run") / f"galley-{layout.short_name}"
        self.bridge = f"galley{layout.short_name}"
        self.log = self.folder / "dockerd.log"
        self._pid_file = self.folder / "dockerd.pid"

    @property
    def socket(self) -> Path:
        """In our folder, or under /run where that path would be too long for a socket."""
        path = self.folder / "docker.sock"
        return path if len(os.fsencode(path)) < _SOCKET_LIMIT else self.run_folder / "docker.sock"

    @property
    def host(self) -> str:
        """What DOCKER_HOST would hold."""
        return f"unix://{self.socket}"

    def start(self, runner: Runner, console: Console) -> None:
        """Starts the daemon unless it answers. Raises MachineError with its log's end or what is missing."""
        if answers(self.host):
            return
        program = self._program(runner, console)
        if os.geteuid() != 0:
            raise MachineError(
                "starting a Docker engine takes root", f"start one with `sudo {program}`, or run as root"
            )
        self._refuse_beside_another()
        self._prepare()
        bridge.ensure(self.bridge, runner)
        process = self._spawn(program)
        if (
            not _wait(lambda: answers(self.host) or process.poll() is not None, _START_SECONDS)
            or process.poll() is not None
        ):
            raise MachineError(
                f"the Docker engine did not start:\n{self._log_end()}", f"its whole log is {self.log}"
            )

    def stop(self, runner: Runner) -> bool:
        """Ends the daemon with its containers and removes its bridge; its data stays. False when none ran."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            if not _wait(lambda: not _alive(pid), _STOP_SECONDS):
                raise MachineError(f"the Docker engine (process {pid}) does not end", f"look at {self.log}")
        bridge.remove(self.bridge, runner)
        for folder in (self.folder, self.run_folder):
            mounts.unmount_below(folder, runner)
        shutil.rmtree(self.run_folder, ignore_errors=True)
        return pid is not None

    def pid(self) -> int | None:
        """The daemon's process, or None: a stale file may name another program's."""
        return _running(self._pid_file, str(self.folder))

    def _refuse_beside_another(self) -> None:
        rival = rivals.find(self.pid())
        if rival is not None:
            raise MachineError(
                f"another Docker daemon runs here (process {rival}): one of ours would cut its ports",
                "let it be used: set DOCKER_HOST for previews, GALLEY_TEST_DOCKER_HOST for the tests",
            )

    def _program(self, runner: Runner, console: Console) -> Path:
        missing = [name for name in ("dockerd", "iptables", "ip") if runner.which(name) is None]
        if missing:
            apt.install(
                PACKAGES,
                f"no Docker engine answers, and {', '.join(missing)} is not installed",
                runner,
                console,
            )
        program = runner.which("dockerd")
        if program is None:
            raise MachineError("dockerd is not installed", "install Docker, or set DOCKER_HOST")
        return program

    def _prepare(self) -> None:
        """Removes what a killed daemon leaves: it takes a stale pid file for a daemon that still runs."""
        for folder in (self.folder, self.run_folder):
            folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        if self.pid() is None:
            self._pid_file.unlink(missing_ok=True)
        containerd = self.run_folder / "exec" / "containerd" / "containerd.pid"
        if _running(containerd, str(self.run_folder)) is None:
            containerd.unlink(missing_ok=True)
        (self.folder / "daemon.json").write_text("{}\n")

    def _spawn(self, program: Path) -> subprocess.Popen[bytes]:
        """In a session of its own, so that Ctrl-C at the command does not reach it."""
        command = [
            str(program),
            f"--data-root={self.folder / 'data'}",
            f"--exec-root={self.run_folder / 'exec'}",
            f"--config-file={self.folder / 'daemon.json'}",
            f"--pidfile={self._pid_file}",
            f"--host={self.host}",
            f"--bridge={self.bridge}",
        ]
        environment = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
        with self.log.open("wb") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=environment,
            )

    def _log_end(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-10:])


def _running(pid_file: Path, argument: str) -> int | None:
    """The process that the file names, if it is the one that was started with this argument."""
    with contextlib.suppress(OSError, ValueError):
        pid = int(pid_file.read_text())
        if argument.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    return None


def _alive(pid: int) -> bool:
    """A process that has ended and that nobody has waited for counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True
