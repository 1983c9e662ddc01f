"""What an update notes of itself must not end it, nor show a traceback beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.errors import CommandError

from galley_iac.automation import backend, tags
from galley_iac.automation.recorder import Recorder
from galley_iac.errors import MachineError
from galley_iac.request import Prepared, Request, prepare
from galley_iac.source.repository import Commit

COMMIT = Commit("1" * 40, "Ada")


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    (tmp_path / "galley.yaml").write_text("version: 1\nservices:\n  web: {build: ., expose: 80}\n")
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    return prepare(Request(tmp_path / "galley.yaml", branch="main"))


class Refusing:
    """A workspace whose every process fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.asked: list[str] = []

    def tag(self, _: str, name: str, __: str | None) -> None:
        self.asked.append(name)
        raise self._error


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    local = backend.local_state()
    assert local
    return local


def test_a_home_that_cannot_be_written_is_a_warning(
    prepared: Prepared, capsys: pytest.CaptureFixture[str]
) -> None:
    note(None, prepared)
    assert "warning: the stack's tags could not be written" in capsys.readouterr().err


def note(workspace: Any, prepared: Prepared) -> None:
    with Recorder(workspace, prepared, COMMIT):
        pass


def test_what_is_noted(prepared: Prepared, state: Path) -> None:
    backend.tags_file(state, prepared.plan.name).parent.mkdir(parents=True)
    note(None, prepared)
    found = tags.read(prepared.plan.name)
    assert found[tags.COMMIT] == COMMIT.sha
    assert found[tags.AUTHOR] == "Ada"
    assert '"branch":"main"' in found[tags.IDENTITY]


@pytest.mark.parametrize(
    "error", [CommandError("code: 255"), MachineError("Pulumi is gone", "run it again"), OSError("no space")]
)
@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_failure_is_a_warning(
    error: Exception,
    prepared: Prepared,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tags, "read", lambda _: {})
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://bucket")
    workspace = Refusing(error)
    note(workspace, prepared)
    assert workspace.asked
    assert "warning: the stack's tags could not be written" in capsys.readouterr().err
