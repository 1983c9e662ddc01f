"""Getting the CLI and the language host."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import paths, pins, pulumi
from galley_iac.toolchain.runner import ToolError
from tests.toolchain.fakes import FakeRunner, FakeSite, go_builds, means

GO = {"go": "/usr/local/go/bin/go"}
ARCHIVE = f"pulumi-v{pins.PULUMI}-linux-x64.tar.gz"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The module that has the language host's script."""
    script = tmp_path / "module" / "python" / "cmd" / "pulumi-language-python-exec"
    script.parent.mkdir(parents=True)
    script.write_text("#!/usr/bin/env python3\n")
    return tmp_path / "module"


@pytest.fixture
def go(sources: Path) -> FakeRunner:
    return FakeRunner(
        GO,
        {
            "go version": "go version go1.26.0 linux/amd64",
            "go build": go_builds,
            "go list": f"go: downloading x\n{sources}\n",
        },
    )


def test_the_archive_comes_before_a_build(tmp_path: Path, go: FakeRunner) -> None:
    site = FakeSite(
        {pulumi.download.cli_archive(pins.PULUMI).path.rpartition("/")[2]: {"pulumi/pulumi": "official"}}
    )
    step, printed = means(tmp_path / "tools", go, site)

    tools = pulumi.ensure(step)

    assert tools.pulumi.read_text() == "official"
    assert f"Pulumi {pins.PULUMI}: downloaded from" in printed.getvalue()
    assert not any(command.startswith("go build") for command in go.commands)


def test_where_the_site_is_silent_it_is_built_and_said(tmp_path: Path, go: FakeRunner) -> None:
    step, printed = means(tmp_path / "tools", go, FakeSite(refuses="site cannot be reached"))

    tools = pulumi.ensure(step)

    folder = tmp_path / "tools" / "pulumi"
    assert tools.pulumi.read_text() == "built: github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
    assert os.access(folder / "bin" / "pulumi-language-python", os.X_OK)
    assert os.access(folder / "libexec" / "pulumi-language-python-exec", os.X_OK)
    assert (folder / "libexec" / "pulumi-language-python").is_file()
    assert "site cannot be reached; building it from source" in printed.getvalue()
    assert "built from source, from the Go module proxy" in printed.getvalue()


def test_a_second_run_neither_asks_nor_builds(tmp_path: Path, go: FakeRunner) -> None:
    step, _ = means(tmp_path / "tools", go, FakeSite())
    pulumi.ensure(step)
    again, site = FakeRunner(), FakeSite()
    step, printed = means(tmp_path / "tools", again, site)

    pulumi.ensure(step)

    assert (again.commands, site.asked) == ([], [])
    assert printed.getvalue() == f"    Pulumi {pins.PULUMI}: built from source, from the Go module proxy\n"


def test_an_installed_pulumi_is_left_alone(tmp_path: Path) -> None:
    runner = FakeRunner({"pulumi": "/usr/bin/pulumi"}, {"pulumi version": "v3.300.0"})
    step, printed = means(tmp_path / "tools", runner, FakeSite())

    assert str(pulumi.ensure(step).pulumi) == "/usr/bin/pulumi"
    assert "Pulumi 3.300.0: already installed: /usr/bin/pulumi" in printed.getvalue()
    assert not (tmp_path / "tools").exists()


def test_a_build_that_fails_shows_its_output_and_leaves_nothing(tmp_path: Path, go: FakeRunner) -> None:
    go.answers["go build"] = ToolError("undefined: something")
    step, _ = means(tmp_path / "tools", go, FakeSite())

    with pytest.raises(MachineError, match="pulumi could not be built from source: undefined: something"):
        pulumi.ensure(step)

    assert list((tmp_path / "tools").iterdir()) == []


@pytest.mark.parametrize(
    ("runner", "said"),
    [
        (FakeRunner({"go": "/usr/bin/go"}, {"go version": "go version go1.19.8 linux/amd64"}), "is too old"),
        (FakeRunner({"go": "/usr/bin/go"}, {"go version": "what"}), "is too old"),
    ],
)
def test_without_a_go_that_can_build_it(tmp_path: Path, runner: FakeRunner, said: str) -> None:
    step, _ = means(tmp_path / "tools", runner, FakeSite())

    with pytest.raises(MachineError, match=said) as caught:
        pulumi.ensure(step)

    assert f"install Go 1.25 or later, or Pulumi {pins.PULUMI} itself" in str(caught.value)


def test_builds_use_no_c_compiler_and_change_no_pins(tmp_path: Path, go: FakeRunner) -> None:
    step, _ = means(tmp_path / "tools", go, FakeSite())
    pulumi.ensure(step)

    builds = [env for command, env in zip(go.commands, go.environments, strict=True) if "build" in command]
    assert [dict(env) for env in builds] == [
        {"CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": "-mod=readonly", "GOGC": "off", "GOMEMLIMIT": "1GiB"}
    ] * 2
    assert f"version.Version=v{pins.PULUMI} " in next(
        command for command in go.commands if "cmd/pulumi" in command
    )


class TestLanguageHostScript:
    """The script that finds the program's virtual environment."""

    @pytest.fixture
    def script(self, tmp_path: Path) -> Path:
        for name in ("bin", "libexec"):
            (tmp_path / "tool" / name).mkdir(parents=True)
        host = tmp_path / "tool" / "libexec" / "pulumi-language-python"
        host.write_text('#!/bin/sh\necho "$@"\n')
        host.chmod(0o755)
        script = tmp_path / "tool" / "bin" / "pulumi-language-python"
        script.write_bytes((paths.GO_RECIPES / "language-host" / "pulumi-language-python").read_bytes())
        script.chmod(0o755)
        return script

    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        folder = tmp_path / "project"
        (folder / "sub").mkdir(parents=True)
        (folder / "Pulumi.yaml").touch()
        return folder

    @staticmethod
    def _arguments(script: Path, folder: Path, **environ: str) -> str:
        environment = {"PATH": os.environ["PATH"], **environ}
        done = subprocess.run(
            [script, "-root=x", "127.0.0.1:1"],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def test_without_an_environment_it_adds_nothing(self, script: Path, project: Path) -> None:
        assert self._arguments(script, project) == "-root=x 127.0.0.1:1"

    @pytest.mark.parametrize("below", [".", "sub"])
    def test_it_takes_the_projects(self, script: Path, project: Path, below: str) -> None:
        _environment(project / ".venv")

        assert self._arguments(script, project / below) == f"-virtualenv {project}/.venv -root=x 127.0.0.1:1"

    def test_the_active_one_comes_first(self, script: Path, project: Path) -> None:
        _environment(project / ".venv")

        assert self._arguments(script, project, VIRTUAL_ENV="/v") == "-virtualenv /v -root=x 127.0.0.1:1"

    def test_it_can_be_called_by_a_link(self, script: Path, project: Path, tmp_path: Path) -> None:
        link = tmp_path / "link"
        link.symlink_to(script)

        assert self._arguments(link, project) == "-root=x 127.0.0.1:1"


def _environment(folder: Path) -> None:
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch(mode=0o755)
