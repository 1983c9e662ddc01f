"""Pulumi's lock in a shared backend, as its own messages tell of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from pulumi.automation._cmd import CommandResult
from pulumi.automation.errors import create_command_error

from galley_iac.automation import sharedlocks
from galley_iac.automation.locks import LockedError, Owner, named

SINCE = "2020-01-01T00:00:00Z"


def message(*owners: tuple[str, int]) -> str:
    """What Pulumi 3.259 prints."""
    lines = [
        f"  s3://state/.pulumi/locks/organization/galley/p/{number}.json: "
        f"created by an@n@{host} (pid {process}) at {SINCE}"
        for number, (host, process) in enumerate(owners)
    ]
    return "\n".join(
        [
            f"error: the stack is currently locked by {len(owners)} lock(s). Either wait for the other "
            "process(es) to end or delete the lock file with `pulumi cancel`.",
            *lines,
        ]
    )


class FakeWorkspace:
    """A backend with locks; they go with ``pulumi cancel``, or at the look of that number."""

    def __init__(self, *owners: tuple[str, int], gone_at: int = 0) -> None:
        self.owners, self.gone_at, self.commands = owners, gone_at, list[str]()

    def run(self, *words: str) -> str:
        self.commands.append(words[0] if words[0] == "cancel" else " ".join(words[:2]))
        if words[0] == "cancel" or len(self.commands) == self.gone_at:
            self.owners = ()
        if words[0] == "cancel":
            return ""
        text = message(*self.owners) if self.owners else "error: stack 'organization/galley/p' already exists"
        raise create_command_error(CommandResult("", text, 255))


def release(workspace: FakeWorkspace, longest_wait: float = 0.1) -> bool:
    return sharedlocks.release_dead(workspace, "p", lambda: None, longest_wait)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharedlocks, "_PAUSE", 0.02)


def dead() -> int:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_who_it_is() -> None:
    assert named(message(("a", 1), ("b.example", 22))) == [
        Owner(None, "a", 1, SINCE),
        Owner(None, "b.example", 22, SINCE),
    ]


def test_no_lock_is_looked_for_once() -> None:
    workspace = FakeWorkspace()
    assert release(workspace) is False
    assert workspace.commands == ["stack init"]


def test_a_dead_process_s_lock_is_released() -> None:
    workspace = FakeWorkspace((socket.gethostname(), dead()))
    assert release(workspace) is True
    assert workspace.commands == ["stack init", "cancel"]


@pytest.mark.parametrize("host", ["elsewhere", ""])
def test_any_other_is_waited_for_and_then_reported(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Another host's, and a living process of this one that is no child of ours."""
    workspace = FakeWorkspace((host or socket.gethostname(), os.getppid()))
    with pytest.raises(LockedError, match=rf"p is being updated by process {os.getppid()} on \S+ since"):
        release(workspace)
    assert "cancel" not in workspace.commands
    assert len(workspace.commands) > 1
    assert capsys.readouterr().err.count("waiting for it to end") == 1


def test_a_dead_one_beside_another_host_s_stays() -> None:
    """Pulumi can only release all of them."""
    workspace = FakeWorkspace((socket.gethostname(), dead()), ("elsewhere", 1))
    with pytest.raises(LockedError):
        release(workspace)
    assert "cancel" not in workspace.commands


def test_the_wait_ends_when_the_other_has() -> None:
    assert release(FakeWorkspace(("elsewhere", 1), gone_at=3), 30) is False
