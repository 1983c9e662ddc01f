"""Our own engine is started, found, survives a kill, and ends without a trace.

It is a second one, in a network namespace of its own: two daemons in one would cut each other's ports.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from galley_iac.toolchain import mounts, paths
from galley_iac.toolchain.dockerd import Daemon
from galley_iac.toolchain.locate import Tools, locate
from galley_iac.toolchain.ping import answers

GALLEY = Path(sys.executable).with_name("galley")


@dataclass
class Rival:
    """Another daemon, started by :attr:`start` in the namespace where that is run."""

    program: Path

    @property
    def start(self) -> str:
        """Shell commands."""
        rule = "iptables -t nat -N DOCKER && iptables -t nat -A DOCKER -p tcp --dport 9999 -j ACCEPT"
        return f"{rule} && {{ {self.program} 120 >/dev/null 2>&1 & echo $! >{self.program}.pid; }}"

    @property
    def pid(self) -> int:
        """Its process."""
        return int(Path(f"{self.program}.pid").read_text())

    def rules(self) -> str:
        """The rules of the namespace that it is in."""
        command = ["nsenter", f"--net=/proc/{self.pid}/ns/net", "iptables", "-t", "nat", "-S", "DOCKER"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@dataclass
class Machine:
    """A tools folder of its own that borrows Pulumi from the real one."""

    tools: Tools
    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        return {
            **os.environ,
            "GALLEY_TOOLS": str(self.folder),
            "GALLEY_PULUMI": str(self.tools.pulumi),
            "PULUMI_HOME": str(self.tools.pulumi_home),
        }

    @property
    def daemon(self) -> Daemon:
        return Daemon(paths.layout(self.environ))

    def galley(self, *words: str, before: str = "true") -> str:
        """Runs the command in a new network namespace, after the shell commands in ``before``."""
        inside = f'ip link set lo up && {before} && exec "$@"'
        command = ["unshare", "--net", "sh", "-c", inside, "sh", GALLEY, *words]
        done = subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> int:
        """Starts the engine; its process."""
        self.galley("setup", "--for-tests", "--no-images")
        pid = self.daemon.pid()
        assert pid is not None
        return pid

    def processes(self) -> list[str]:
        """Every process that was started with a folder of this engine."""
        marks = (str(self.folder).encode(), str(self.daemon.run_folder).encode())
        return [
            text.decode()
            for text in map(_command, Path("/proc").glob("[0-9]*"))
            if any(m in text for m in marks)
        ]


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def _network_of(pid: int) -> Path:
    return Path(f"/proc/{pid}/ns/net").readlink()


@pytest.fixture
def rival(tmp_path: Path) -> Iterator[Rival]:
    """A daemon that is not ours, by its name, with a rule of the kind that a second one would delete."""
    program = tmp_path / "rival" / "dockerd"
    program.parent.mkdir()
    shutil.copy("/bin/sleep", program)
    used = Rival(program)
    yield used
    os.kill(used.pid, signal.SIGKILL)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    tools = locate()
    if tools is None:
        pytest.fail("Pulumi is not there: run `make test`, which installs it", pytrace=False)
    used = Machine(tools, tmp_path / "tools")
    yield used
    used.galley("setup", "--stop")
    assert used.processes() == []
    assert mounts.below(used.folder, Path("/proc/self/mountinfo").read_text()) == []


def test_it_outlives_its_command_and_is_not_started_twice(machine: Machine) -> None:
    first = machine.start()

    assert answers(machine.daemon.host)
    assert machine.start() == first


def test_it_comes_back_after_a_kill(machine: Machine) -> None:
    first = machine.start()
    os.kill(first, signal.SIGKILL)
    while Path(f"/proc/{first}").exists():
        time.sleep(0.05)

    second = machine.start()

    assert second != first
    assert answers(machine.daemon.host)


def test_it_ends_without_a_trace(machine: Machine) -> None:
    machine.start()

    printed = machine.galley("setup", "--stop")

    assert "the engine has ended, its data stays" in printed
    assert machine.processes() == []
    assert not answers(machine.daemon.host)
    assert not machine.daemon.run_folder.exists()
    assert "no engine of ours was running" in machine.galley("setup", "--stop")


def test_beside_another_daemon_it_keeps_to_a_namespace_of_its_own(machine: Machine, rival: Rival) -> None:
    printed = machine.galley("setup", "--for-tests", "--no-images", before=rival.start)

    pid = machine.daemon.pid()
    assert pid is not None
    assert "another Docker daemon runs here: ours gets a network namespace of its own" in printed
    assert answers(machine.daemon.host)
    assert _network_of(pid) != _network_of(rival.pid)
    assert "--dport 9999" in rival.rules()

    within = [sys.executable, "-m", "galley_iac.toolchain.within", "readlink", "/proc/self/ns/net"]
    found = subprocess.run(within, env=machine.environ, capture_output=True, text=True, check=True).stdout
    assert found.strip() == str(_network_of(pid))

    machine.galley("setup", "--stop")
    assert not machine.daemon.namespace.exists
    assert "--dport 9999" in rival.rules()
