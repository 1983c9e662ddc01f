"""Debian packages."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import apt
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.runner import ToolError
from tests.toolchain.fakes import FakeRunner

APT = {"apt-get": "/usr/bin/apt-get"}


def test_packages_are_installed_as_root() -> None:
    runner = FakeRunner(APT, {"apt-get": ""})
    out = io.StringIO()

    apt.install(["docker.io", "iptables"], "no engine", runner, Console(out), user=0)

    assert runner.commands == [
        "apt-get update",
        "apt-get install --yes --no-install-recommends docker.io iptables",
    ]
    assert runner.environments[1] == {"DEBIAN_FRONTEND": "noninteractive"}
    assert "installing with apt-get: docker.io iptables" in out.getvalue()


def test_packages_start_no_services_and_the_systems_policy_is_left_as_it_was(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"

    with apt.no_services(policy):
        assert subprocess.run([policy, "docker", "start"], check=False).returncode == 101
    assert not policy.exists()

    policy.write_text("the system's own")
    with apt.no_services(policy):
        pass
    assert policy.read_text() == "the system's own"


def test_another_user_is_told_the_command() -> None:
    runner = FakeRunner(APT, {"apt-get": ""})

    with pytest.raises(MachineError, match=r"no engine\n.*`sudo apt-get install docker\.io`"):
        apt.install(["docker.io"], "no engine", runner, Console(io.StringIO()), user=1000)

    assert runner.commands == []


def test_a_system_without_apt_is_told_what_is_needed() -> None:
    with pytest.raises(MachineError, match=r"what `apt-get install docker\.io` would"):
        apt.install(["docker.io"], "no engine", FakeRunner(), Console(io.StringIO()), user=0)


def test_a_failed_installation_shows_what_apt_said() -> None:
    runner = FakeRunner(APT, {"apt-get update": "", "apt-get install": ToolError("E: no such package")})

    with pytest.raises(MachineError, match="could not be installed: E: no such package"):
        apt.install(["docker.io"], "no engine", runner, Console(io.StringIO()), user=0)
