"""The checkout's virtual environment."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import bootstrap
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.runner import ToolError
from tests.toolchain.fakes import FakeRunner


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in (bootstrap.REQUIREMENTS, "pyproject.toml"):
        (tmp_path / name).write_text(name)
    return tmp_path


def _venv(words: Sequence[str], _cwd: Path | None) -> str:
    (Path(words[-1]) / "bin").mkdir(parents=True)
    return ""


def _pip(words: Sequence[str], _cwd: Path | None) -> str:
    if "--editable" in words:
        (Path(words[-1]) / ".venv" / "bin" / "galley").touch()
    return "Installing\n"


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> FakeRunner:
    monkeypatch.setattr("sys.executable", "/usr/bin/python3")
    return FakeRunner(answers={"python3 -m venv": _venv, "python -m pip": _pip})


def _ensure(checkout: Path, runner: FakeRunner) -> str:
    out = io.StringIO()
    bootstrap.ensure(checkout, runner, Console(out))
    return out.getvalue()


def test_locked_requirements_then_the_project_itself(checkout: Path, runner: FakeRunner) -> None:
    assert _ensure(checkout, runner) == "==> Python environment, in .venv\n"

    _, locked, project = runner.commands
    assert f"--require-hashes --requirement {checkout}/requirements-dev.txt" in locked
    assert f"--no-deps --no-build-isolation --editable {checkout}" in project


def test_a_second_run_does_nothing(checkout: Path, runner: FakeRunner) -> None:
    _ensure(checkout, runner)
    runner.commands.clear()

    assert _ensure(checkout, runner) == ""
    assert runner.commands == []


@pytest.mark.parametrize("name", [bootstrap.REQUIREMENTS, "pyproject.toml"])
def test_it_is_made_anew_when_what_it_is_made_from_changes(
    checkout: Path, runner: FakeRunner, name: str
) -> None:
    _ensure(checkout, runner)
    (checkout / name).write_text("other")

    assert _ensure(checkout, runner) != ""


def test_an_interrupted_one_is_made_anew(checkout: Path, runner: FakeRunner) -> None:
    runner.answers["python -m pip"] = ToolError("interrupted")
    with pytest.raises(ToolError):
        _ensure(checkout, runner)
    runner.answers["python -m pip"] = _pip

    assert _ensure(checkout, runner) != ""
    assert (checkout / ".venv" / "bin" / "galley").exists()


def test_debians_missing_venv_module_is_installed(checkout: Path, runner: FakeRunner) -> None:
    attempts: list[str] = []

    def venv(words: Sequence[str], cwd: Path | None) -> str:
        attempts.append(words[-1])
        _venv(words, cwd)
        if len(attempts) == 1:
            raise ToolError("The virtual environment was not created because ensurepip is not available")
        return ""

    runner.answers["python3 -m venv"] = venv
    runner.answers["apt-get"] = ""
    runner.programs["apt-get"] = "/usr/bin/apt-get"

    printed = bootstrap_as_root(checkout, runner)

    assert "apt-get install --yes --no-install-recommends python3-venv" in runner.commands
    assert "installing with apt-get: python3-venv" in printed


def test_without_apt_the_missing_module_is_said(checkout: Path, runner: FakeRunner) -> None:
    runner.answers["python3 -m venv"] = ToolError("ensurepip is not available")

    with pytest.raises(MachineError, match="Python's venv module is not installed"):
        _ensure(checkout, runner)


def bootstrap_as_root(checkout: Path, runner: FakeRunner) -> str:
    """The package's installation is left to root."""
    out = io.StringIO()
    bootstrap.ensure(checkout, runner, Console(out), user=0)
    return out.getvalue()
