"""Our own engine, as far as it can be seen without starting it."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import bridge
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.dockerd import Daemon
from galley_iac.toolchain.paths import Layout
from galley_iac.toolchain.runner import ToolError
from tests.toolchain.fakes import FakeRunner


def _daemon(root: Path) -> Daemon:
    return Daemon(Layout(root, root / "pulumi-home"))


def test_the_socket_is_in_our_folder() -> None:
    assert _daemon(Path("/root/.cache/galley")).host == "unix:///root/.cache/galley/engine/docker.sock"


def test_a_socket_whose_path_would_be_too_long_is_under_run() -> None:
    daemon = _daemon(Path("/home") / ("long-name-" * 9))

    assert daemon.socket.parent == daemon.run_folder
    assert len(str(daemon.socket)) < 108


def test_two_tools_folders_share_nothing() -> None:
    first, second = _daemon(Path("/a")), _daemon(Path("/b"))

    for part in ("host", "run_folder", "bridge", "log"):
        assert getattr(first, part) != getattr(second, part)


@pytest.mark.parametrize(
    "content", ["", "nonsense", "4194304", pytest.param(str(os.getpid()), id="this process")]
)
def test_a_pid_file_that_names_another_process_is_stale(tmp_path: Path, content: str) -> None:
    daemon = _daemon(tmp_path)
    daemon.folder.mkdir()
    (daemon.folder / "dockerd.pid").write_text(content)

    assert daemon.pid() is None


def test_the_pid_of_the_running_daemon(tmp_path: Path) -> None:
    daemon = _daemon(tmp_path)
    daemon.folder.mkdir()
    script = ["sh", "-c", "echo started; sleep 60; true", f"--data-root={daemon.folder}/data"]
    with subprocess.Popen(script, start_new_session=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        (daemon.folder / "dockerd.pid").write_text(str(process.pid))
        found = daemon.pid()
        os.killpg(process.pid, 9)

    assert found == process.pid


def test_without_apt_the_remedy_names_the_packages(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="dockerd, iptables, ip is not installed") as caught:
        _daemon(tmp_path).start(FakeRunner(), Console(io.StringIO()))

    assert "apt-get install docker.io iptables iproute2 ca-certificates" in str(caught.value)


@pytest.mark.parametrize(
    ("used", "subnet"),
    [
        ([], "10.212.0.0/24"),
        (["192.168.0.0/24"], "10.212.0.0/24"),
        (["10.212.0.0/24"], "10.212.1.0/24"),
        (["10.212.0.0/23", "10.212.2.128/25"], "10.212.3.0/24"),
    ],
)
def test_the_bridge_takes_a_subnet_that_the_host_does_not_route(used: list[str], subnet: str) -> None:
    assert str(bridge.free_subnet(used)) == subnet


def test_a_host_that_routes_the_whole_pool() -> None:
    with pytest.raises(MachineError, match=r"no subnet of 10\.212\.0\.0/16 is free"):
        bridge.free_subnet(["10.0.0.0/8"])


def test_the_bridge_is_made_with_its_address() -> None:
    runner = FakeRunner(answers={"ip link show": ToolError("does not exist"), "ip": ""})

    bridge.ensure("galley-none", runner)

    assert [command.split()[1:3] for command in runner.commands[1:]] == [
        ["link", "add"],
        ["address", "add"],
        ["link", "set"],
    ]


def test_a_bridge_that_is_there_stays() -> None:
    runner = FakeRunner(answers={"ip link show": "7: galley-none"})

    bridge.ensure("galley-none", runner)
    assert runner.commands == ["ip link show dev galley-none"]

    runner.answers["ip link delete"] = ""
    bridge.remove("galley-none", runner)
    assert runner.commands[-1] == "ip link delete galley-none"


def test_a_bridge_in_a_namespace_is_made_there() -> None:
    runner = FakeRunner(answers={"nsenter --net=/n ip link show": ToolError("no"), "nsenter": ""})

    bridge.ensure("galley-none", runner, lambda command: ["nsenter", "--net=/n", *command])

    assert all(command.startswith("nsenter --net=/n ip ") for command in runner.commands)


def test_without_the_right_to_make_a_bridge() -> None:
    with pytest.raises(MachineError, match="the engine's bridge cannot be made"):
        bridge.ensure("galley-none", FakeRunner())
