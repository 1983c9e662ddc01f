"""Who is asked to stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from galley_iac.automation import locks
from galley_iac.cli.pipeline import running


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GALLEY_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    """A process that SIGTERM ends."""
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    ) as child:
        yield child
        child.kill()


def note(home: Path, process: int, started: str, commit: str = "old") -> None:
    (home / "locks").mkdir(exist_ok=True)
    text = json.dumps({"process": process, "started": started, "commit": commit})
    (home / "locks" / "x.ci").write_text(text)


def test_an_older_commit_s_update_gets_one_sigterm(home: Path, other: subprocess.Popen[bytes]) -> None:
    note(home, other.pid, locks.started(other.pid))
    assert running.ask_to_stop("x", "new")
    assert other.wait(30) == -signal.SIGTERM
    assert not running.ask_to_stop("x", "new"), "it has ended"


def test_the_same_commit_s_goes_on(home: Path, other: subprocess.Popen[bytes]) -> None:
    note(home, other.pid, locks.started(other.pid))
    assert not running.ask_to_stop("x", "old")
    assert other.poll() is None
    assert running.ask_to_stop("x"), "a removal stops any"


def test_a_process_that_only_has_the_number_is_left_alone(home: Path, other: subprocess.Popen[bytes]) -> None:
    note(home, other.pid, "1")
    assert not running.ask_to_stop("x", "new")
    note(home, other.pid, "")
    assert not running.ask_to_stop("x", "new")
    assert other.poll() is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"process": "x"}', '{"process": 1}'])
def test_a_note_that_cannot_be_read_counts_for_nothing(home: Path, text: str) -> None:
    (home / "locks").mkdir()
    (home / "locks" / "x.ci").write_text(text)
    assert not running.ask_to_stop("x", "new")
    running.forget("x")


def test_only_its_own_note_is_taken_back(home: Path) -> None:
    running.register("x", "new")
    noted = json.loads((home / "locks" / "x.ci").read_text())
    assert (noted["process"], noted["commit"]) == (os.getpid(), "new")
    running.forget("x")
    assert not (home / "locks" / "x.ci").exists()
    note(home, 1, "1")
    running.forget("x")
    assert (home / "locks" / "x.ci").exists()
