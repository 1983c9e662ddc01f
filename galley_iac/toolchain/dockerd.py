"""A Docker engine of our own: its data, socket, bridge and configuration are apart from any other engine's.

It outlives the command that starts it, and a later command finds it by its socket. After a reboot or a kill
it is started again on the same data.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from galley_iac.errors import MachineError
from galley_iac.toolchain import apt, bridge, mounts, paths, processes, rivals
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.namespace import RESOLVER, Namespace
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
        self.namespace = Namespace(f"galley{layout.short_name}", self.run_folder)
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

    def start(self, runner: Runner, console: Console, *, apart: bool = False) -> None:
        """Starts the daemon unless it answers; ``apart`` allows a network namespace of its own.

        Raises MachineError with the end of its log, or with what is missing.
        """
        if answers(self.host):
            return
        program = _program(runner, console)
        if os.geteuid() != 0:
            raise MachineError("starting a Docker engine takes root", f"start one with `sudo {program}`")
        self._prepare()
        if self._has_rival(apart):
            console.note("another Docker daemon runs here: ours gets a network namespace of its own")
            self.namespace.ensure(runner, console)
        self._launch(program, runner)

    def stop(self, runner: Runner) -> bool:
        """Ends the daemon with its containers and removes its bridge; its data stays. False when none ran."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            if not processes.wait(lambda: not processes.alive(pid), _STOP_SECONDS):
                raise MachineError(f"the Docker engine (process {pid}) does not end", f"look at {self.log}")
        bridge.remove(self.bridge, runner)
        self.namespace.remove(runner)
        for folder in (self.folder, self.run_folder):
            mounts.unmount_below(folder, runner)
        shutil.rmtree(self.run_folder, ignore_errors=True)
        return pid is not None

    def pid(self) -> int | None:
        """The daemon's process, or None: a stale file may name another program's."""
        return processes.running(self._pid_file, str(self.folder))

    def _has_rival(self, apart: bool) -> bool:
        rival = rivals.find(self.pid())
        if rival is not None and not apart:
            raise MachineError(
                f"another Docker daemon runs here (process {rival}): one of ours would cut its ports",
                "name its socket with DOCKER_HOST, so that it is used",
            )
        return rival is not None

    def _prepare(self) -> None:
        """Removes what a killed daemon leaves: it takes a stale pid file for a daemon that still runs."""
        for folder in (self.folder, self.run_folder):
            folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        if self.pid() is None:
            self._pid_file.unlink(missing_ok=True)
        containerd = self.run_folder / "exec" / "containerd" / "containerd.pid"
        if processes.running(containerd, str(self.run_folder)) is None:
            containerd.unlink(missing_ok=True)
        (self.folder / "daemon.json").write_text("{}\n")

    def _launch(self, program: Path, runner: Runner) -> None:
        inside = self.namespace.inside if self.namespace.exists else list[str | Path]
        bridge.ensure(self.bridge, runner, inside)
        process = self._spawn(list(map(str, inside([program, *self._options()]))))
        processes.wait(lambda: answers(self.host) or process.poll() is not None, _START_SECONDS)
        if process.poll() is not None or not answers(self.host):
            end = "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])
            raise MachineError(f"the Docker engine did not start:\n{end}", f"its whole log is {self.log}")

    def _options(self) -> list[str]:
        return [
            f"--data-root={self.folder / 'data'}",
            f"--exec-root={self.run_folder / 'exec'}",
            f"--config-file={self.folder / 'daemon.json'}",
            f"--pidfile={self._pid_file}",
            f"--host={self.host}",
            f"--bridge={self.bridge}",
            *([f"--dns={RESOLVER}"] if self.namespace.exists else []),
        ]

    def _spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        """In a session of its own, so that Ctrl-C at the command does not reach it."""
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


def _program(runner: Runner, console: Console) -> Path:
    missing = [name for name in ("dockerd", "iptables", "ip") if runner.which(name) is None]
    if missing:
        reason = f"no Docker engine answers, and {', '.join(missing)} is not installed"
        apt.install(PACKAGES, reason, runner, console)
    program = runner.which("dockerd")
    if program is None:
        raise MachineError("dockerd is not installed", "install Docker, or set DOCKER_HOST")
    return program
