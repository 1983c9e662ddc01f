"""What all set-ups share: one at a time, and a tool that fails is said with its remedy."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from galley_iac.errors import MachineError
from galley_iac.toolchain import setup
from galley_iac.toolchain.console import Console
from galley_iac.toolchain.runner import ToolError


@pytest.fixture(autouse=True)
def _tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_TOOLS", str(tmp_path))


def test_one_at_a_time(tmp_path: Path) -> None:
    with setup.means(Console()) as means:
        assert means.layout.root == tmp_path
        with means.layout.lock.open("a") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with means.layout.lock.open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_tool_that_fails() -> None:
    with pytest.raises(MachineError) as raised, setup.means(Console()):
        raise ToolError("go ended with 1")
    said = "go ended with 1\n    run `galley setup` again; `galley doctor` shows what is there"
    assert str(raised.value) == said
